"""What is read and written outside the program: pydantic models, and nothing else."""
