"""What is said only to a machine that reads a text and writes an answer.

Markup of chats, talk of "your answer" or of instructions given before, and an AI that is
spoken to. The patterns are tried on one sentence with its quotations blanked out, so news
that quotes such a sentence does not match; those marked as opening it are tried at its start
only, so "they told the bot to ignore its instructions" does not either.
"""

from __future__ import annotations

import re

MARKUP = re.compile(
    r"<\|[^|>\n]{0,40}\|>|\[/?(?:inst|sys)\]|<</?sys>>|<!--|-->|^\W{0,3}```|```\s*$"
    r"|</?(?:system|assistant|user|human|prompt|instructions?|article|document|context|input|"
    r"output|query|task|admin|important|hidden|data)\b[^<>\n]{0,60}>"
    r"|^#{1,6}\s*(?:new |updated? |end of )?(?:system|instructions?|assistant|user|human|prompt|"
    r"response|input|output|task|context|override)\b"
    r"|[=*#~-]{3,}\s*(?:system|admin|ai|assistant|new|important|hidden)\b[^\n]{0,40}[=*#~-]{3,}"
    r"|\{\s*[\"']?(?:role|system|instructions?|prompt|messages)[\"']?\s*:"
    r"|(?:\[|\{{2})\s*/?(?:system|assistant|instructions?|prompt|developer|admin|override|ai)\b"
    r"[^\]}\n]{0,40}(?:\]|\}{2})"
    r"|(?:\[|\{{2})\s*(?:begin|start|end|new|hidden|updated?) (?:of )?(?:system|assistant|prompt|"
    r"instructions?|task|user|message|admin|article|document|input)[^\]}\n]{0,40}(?:\]|\}{2})"
    r"|^\W*(?:begin|start|open) (?:a )?new (?:conversation|chat|session|task|document)\b"
    r"|^\W*(?:begin|start|end)(?: of)?(?: the| this)? (?:system |user )?(?:prompt|instructions?|"
    r"system|input|document|message|article|text|conversation|context|page)\b\W*$",
    re.IGNORECASE,
)
"""Marks of chat formats, of prompts and of comments: in no article's prose."""

ROLE = re.compile(
    r"\W*(?:system|assistant|user|human|ai|developer|chatbot|chatgpt|llm|(?:new|updated?|hidden|"
    r"system|user) "
    r"(?:prompt|task|instructions?|message|commands?)|prompt|prompt injection|system override|"
    r"admin(?:istrator)? (?:override|command|mode)|(?:ki|systemanweisung|neue (?:anweisung|aufgabe)"
    r"|nueva (?:instrucción|tarea)|nouvelle (?:instruction|consigne|tâche)|sistema|système))"
    r"\s?[:>\]»]",
    re.IGNORECASE,
)
"""Opens a sentence as the name of a role in a chat."""

_WANT = (
    r"(?:ignor|disregard|forget|overrid|overlook|bypass|discard|abandon|cancel|neglect|skip|drop|"
    r"delet|eras|stop (?:follow|obey)|pay no (?:heed|attention)|do not (?:follow|obey)|don['’]t "
    r"(?:follow|obey)|vergiss|vergessen|olvid|oubli|nege+r|игнорир|забуд|missacht)\w*"
)
_ORDERS = (
    r"(?:instru[ckçz]\w+|istruzion\w+|anweisung\w*|vorgaben|prompts?\b|directions?\b|directives?\b|"
    r"guidelines?\b|commands?\b|system message|safety rules|your rules|these rules|consignes|"
    r"indica\w+nes|инструкц\w+|указани\w+|"
    r"everything (?:above|before|so far|else|said|written|you)|all (?:of )?(?:the )?(?:above|"
    r"previous|prior|preceding)|the (?:above|foregoing|preceding|rest|user)\b|what (?:you (?:were|"
    r"have been|had been)|was said)|(?:other|previous|prior|remaining|rest of the) "
    r"(?:articles?|documents?|text|context|messages?|sources?|tasks?)\b)"
)
OVERRIDE = re.compile(
    rf"{_WANT}\b.{{0,60}}?\b{_ORDERS}|忽略.{{0,12}}(?:指令|指示|提示)|指示を無視", re.IGNORECASE
)
"""Calls off what the machine was told before; opens an order."""

REVOKED = re.compile(
    r"\W*(?:all |any |the |your |these |those )*(?:previous|prior|earlier|preceding|above|original|"
    r"initial|existing|foregoing|old)(?: \w+)? (?:instructions?|prompts?|commands?|directives?|"
    r"guidelines?|rules|tasks?|directions?)(?: \w+){0,3}? "
    r"(?:(?:is|are) (?:(?:now|hereby) )?(?:void|cancell?ed|obsolete|invalid|null|revoked|over|off|"
    r"suspended|superseded|replaced|irrelevant|lifted|outdated)|no longer|do not|don['’]t|"
    r"(?:must|should|can) be (?:ignored|disregarded|forgotten|skipped))",
    re.IGNORECASE,
)
"""Says that what the machine was told before is void; opens a sentence."""

_ANSWER = (
    r"(?:answers?|responses?|repl(?:y|ies)|outputs?|messages?|summar(?:y|ies)|completions?|prompt|"
    r"instructions?|guidelines|system|programming|training(?: data)?|persona|translation|digest|"
    r"(?:new|next|only|real|actual|sole|main|final) (?:task|job|goal|role|mission|objective|"
    r"purpose)|"
    r"task|text|report|context window|knowledge cutoff|next (?:sentence|message|line))"
)
ANSWER_TALK = re.compile(
    rf"\byour (?:[\w-]+ ){{0,2}}?{_ANSWER}\b(?!['’]s office)"
    r"|\b(?:the|this|that|each|every|any|all|following) (?:\w+ )?(?:reply|response|output|answer|"
    r"summary|completion)\b(?= (?:to|of|about|for) (?:the|this) (?:user|article|text|question))"
    r"|\b(?:when|whenever|whatever|as|while|before|after|if) you (?:are )?(?:now )?(?:writ|summari|"
    r"answer|respon|repl|generat|output|produc|translat|process|pars|analy)\w*"
    r"|\b(?:letter|word|sentence|line|token|thing|text|answer|list)s? (?:that )?you "
    r"(?:writ|produc|generat|output|print|return|giv)\w*"
    r"|\b(?:instructions?|prompt|messages?|rules) (?:that )?you (?:have |had |were |are )*"
    r"(?:receiv|given|got|follow|obey|read)\w*"
    r"|\b(?:instructions?|rules|tasks?|guidance|guidelines|orders|prompt|directions) (?:that )?"
    r"(?:were |was |have been |had been )?(?:given|shown|sent|issued) to you\b"
    r"|\btask (?:that )?you (?:were|have been|had been)\b"
    r"|\byour (?:developers?|creators?|makers?|operators?|programmers?)\b"
    r"|\b(?:dein|eure|ihre)\w* (?:\w+ )?(?:antwort|ausgabe|zusammenfassung|anweisung)\w*"
    r"|\b(?:tu|su|vuestra) (?:\w+ )?(?:respuesta|resumen|salida|contestación)\b"
    r"|\b(?:ta|votre|tes|vos) (?:\w+ )?(?:réponses?|résumé|sortie|consignes?)\b"
    r"|\bin der (?:antwort|zusammenfassung|ausgabe)\b|\ben (?:la respuesta|el resumen)\b"
    r"|\bdans (?:la réponse|le résumé)\b|\bsystem prompt\b",
    re.IGNORECASE,
)
"""Talk of what the one spoken to is about to write."""

ANSWER_RULE = re.compile(
    r"\W*(?:(?:the|any|all|every|each|no) )(?:\w+ ){0,2}?(?:(?:summar(?:y|ies)|outputs?|"
    r"completions?"
    r"|translations?)\b[^,;:]{0,60}?\b(?:must|should|shall|needs? to|ha(?:s|ve) to|(?:is|are) to|"
    r"may "
    r"not|will)|(?:responses?|answers?|repl(?:y|ies))\b[^,;:]{0,60}?\b(?:must|should|shall|"
    r"needs? to|"
    r"ha(?:s|ve) to|(?:is|are) to)(?: not| only| always| also)* (?:end|begin|start|rhyme|consist|"
    r"be "
    r"(?:written|in|empty|short|phrased|given in|encoded)|contain the|use|say|read))\b",
    re.IGNORECASE,
)
"""Says what a summary or an answer must be; opens a sentence."""

_MACHINE = (
    r"(?:(?:an? |the |any |all |every |my |large |dear )*(?:(?:ai|a\.i\.|ki|ia)(?:[ -](?:language |"
    r"chat)?(?:models?|assistants?|systems?|agents?|tools?|reader|bots?|summari[sz]ers?|crawlers?|"
    r"modell|sprachmodell))?|(?:large )?language[ -]models?|llms?|chat ?bots?|chatgpt|"
    r"gpt(?:-?\w+)?|claude|gemini|copilot|(?:summari[sz]ing|reading|answering) (?:model|machine)s?|"
    r"(?:automated|machine|automatic) (?:readers?|systems?|tools?|agents?)|(?:\w+ )?(?:ro)?bots?|"
    r"(?:news |article )?summari[sz]ers?|assistants?|sprachmodelle?|modelo de lenguaje|"
    r"mod[eè]le de langage|asistente|artificial intelligence|model))"
)
MACHINE_ADDRESS = re.compile(
    rf"\W*(?:(?:dear|hey|hi|hello|attention|listen|ok|okay|achtung|hallo|liebe|atención|querida|"
    rf"chère|"
    rf"bonjour)\W{{1,2}}{_MACHINE}(?=\W*(?:[,:!.]|$))"
    rf"|(?:here (?:is|are|comes|follows)|this is|there is)?\s?(?:an? |the |some |"
    rf"one )?(?:\w+ ){{0,2}}?"
    rf"(?:notes?|word|notice|message|attention|instructions?|reminder|warning|memo|word|order|command|"
    rf"hinweis|nota|remarque)s? (?:to|for|an|para|pour) {_MACHINE}\b"
    rf"|(?:if|since|because|as|wenn|falls|si) (?:you(?:['’]re| are)|du|sie|eres|tu es|vous êtes) "
    rf"{_MACHINE}\b(?! (?:user|fan|start-?up|company|expert|researcher|developer)s?\b)"
    rf"|(?:as|als|en tant que?|como) {_MACHINE}\b[^.]{{0,80}}?\b(?:you|your|du|sie|debes|tu|vous|"
    rf"return|say|write|output|print|reply|respond|ignore|do not|please)\b"
    rf"|(?:whoever|whatever|anyone|anybody|anything|those|every \w+|any \w+),? (?:(?:who|that|"
    rf"which) )?"
    rf"(?:is |are )?(?:read|process|summar|analy|pars|translat)\w* (?:this|the (?:article|text|"
    rf"above))"
    rf"|to {_MACHINE} ?:"
    rf"|to {_MACHINE}\W{{1,2}}(?:read|process|summar|analy|pars)\w+"
    rf"|{_MACHINE},? (?:(?:that|who|which) (?:is |are )?)?(?:currently )?(?:read|process|summar|"
    rf"analy|pars|scann?|access|crawl|ingest)\w* (?:this|the (?:page|article|text|above|following))"
    rf"|{_MACHINE}, (?:please |now |kindly )?\w+ (?!(?:is|was|has|said|says|and)\b))",
    re.IGNORECASE,
)
"""Speaks to an AI; opens a sentence."""

MACHINE_RULE = re.compile(
    r"\W*(?:it is \w+ that )?(?:(?:the|any|every|this) (?:ai|model|assistant|language model|llm|"
    r"chatbot|summari[sz]er) (?:(?:must|should|shall|ha[sd] to|needs? to|is (?:required |"
    r"instructed )?to|will now) (?:not |only |always |never )*(?:answer|respon|repl|say|writ|"
    r"output|ignor|print|mention|report|stat|summar|treat|translat|includ|omit|begin|end with)\w*"
    r"|(?:outputs?|returns?|prints?|says?|writes?) (?:only|nothing|the (?:word|text|phrase|line)))"
    r"|(?:the|any|every) (?:judge|grader|verifier|evaluator|fact[- ]?checker|reviewer) (?:should|"
    r"must|shall|is to|has to) (?:answer|reply|respond|return|output|print|mark|rate|say)\w* "
    r"(?:with |only |that )*(?:(?=\x1a)|true|yes|supported|correct|confirmed)"
    r"|the user (?:wants|needs|would like|has asked|asked|asks|expects|prefers|wishes|wishes for|"
    r"requests|requested) (?:you|for|that you|this|the (?:summary|answer|reply|response))"
    r"|the (?:following|next|above|preceding) (?:text|lines?|sentences?|paragraphs?|messages?) "
    r"(?:is|are|must|should|contains?|comes?|takes?|overrides?|has|have))(?:\b|(?=\x1a))",
    re.IGNORECASE,
)
"""Says what a model must do, what its user wants, or what the next lines are; opens a sentence."""

SPEAKS_TO_YOU = re.compile(r"\byou(?:rs?|rself|['’]\w+)?\b", re.IGNORECASE)
"""Turns to its reader, as a report hardly ever does outside quotations."""

ABOUT_YOU = re.compile(
    r"\W*(?:(?:and|so|hey|hi|hello),? )?(?:how (?:are|do) you (?:\w+ ){0,2}?(?:today|doing|feel\w*|"
    r"now)|(?:what|who|where) are you|what(?: is|['’]s) your (?:\w+ )?(?:name|favou?rite|opinion|"
    r"purpose|version|model)\b|(?:do|are|can|did|have|would) you (?:\w+ )?(?:like|love|enjoy|hate|"
    r"dream|human|sentient|conscious|real|alive|feel|sleep|eat|an? (?:bot|robot|machine|person))\b)"
    r"[^.!]{0,60}\?",
    re.IGNORECASE,
)
"""Asks the one spoken to about itself, as nobody asks the readers of a report."""

IN_LANGUAGE = re.compile(
    r"\b(?:in|into|auf|en) (?:english|french|german|spanish|italian|portuguese|dutch|russian|"
    r"polish|ukrainian|czech|greek|turkish|arabic|hebrew|persian|hindi|urdu|bengali|chinese|mandarin|"
    r"japanese|korean|vietnamese|thai|swahili|latin|swedish|norwegian|danish|finnish|hungarian|"
    r"klingon|esperanto)\b",
    re.IGNORECASE,
)
"""Names a language that something is to be put into."""

SELF = re.compile(
    r"\b(?:this|the (?:above|following|present|other|rest of the)|every|each|all(?: the)?|other) "
    r"(?:articles?|texts?|documents?|pages?|sources?|outlets?|passages?|statements?|claims?|"
    r"newspapers?|papers?)\b",
    re.IGNORECASE,
)
"""What a text calls itself and the others that are read with it."""

TEXTS = re.compile(
    r"\b(?:an?|the|some|two|three|five|ten|me|us|short|new)\s(?:[\w'’-]+ ){0,3}?(?:poems?|"
    r"haikus?|sonnets?|limericks?|songs?|lyrics|raps?|rhymes?|stor(?:y|ies)|tales?|fables?|novels?|essays?|speech(?:es)?|"
    r"toasts?|letters?|e-?mails?|memos?|tweets?|captions?|slogans?|taglines?|headlines?|jokes?|puns?|"
    r"riddles?|quiz(?:zes)?|scripts?|screenplays?|dialogues?|monologues?|recipes?|outlines?|"
    r"summar(?:y|ies)|introductions?|conclusions?|paragraphs?|abstracts?|resum[eé]s?|to-do lists?|"
    r"shopping lists?|lesson plans?|itinerar(?:y|ies)|functions?|snippets?|regex(?:es)?|"
    r"blog posts?|cover letters?|product descriptions?)\b",
    re.IGNORECASE,
)
"""Texts that are made to order."""

CHANNELS = re.compile(
    r"\b(?:newsletters?|twitter|tweet|facebook|instagram|youtube|tiktok|whatsapp|telegram|linkedin|"
    r"podcasts?|subscri\w+|inbox|our (?:\w+ ){0,2}(?:page|app|site|website|channel|coverage|review|"
    r"guide|story|stories|picks?|series)|full coverage|more (?:news|stories|coverage|information)|"
    r"email|e-mail|tickets?|@\w+)\b|@\w",
    re.IGNORECASE,
)
"""What a page's own invitations name: where else it is to be had, and how it is reached."""

NEW_ROLE = re.compile(
    r"(?:\W*|[^,.]{1,60}, )(?:(?:from now on|starting now|henceforth|from this point(?: on)?|"
    r"going forward),? (?:on )?you(?:r|['’]re|['’]ll)?\b"
    r"|(?:and |but |so )?you(?: are|['’]re)(?: now| no longer| actually| hereby|"
    r" henceforth)+ (?:an?|the|in|"
    r"free|bound|unrestricted|acting|operating|going to act|subject|limited|under|my|"
    r"(?-i:[A-Z]\w+))\b"
    r"|(?:please )?(?:behave|act|speak|talk|respond|answer|reply|write) (?:as (?:if|though) you\b"
    r"|as an? |like an? |as [A-Z]\w+ would\b)"
    r"|you will (?:now )?(?:play|act|behave|speak|answer|pretend)\b"
    r"|(?:take on|adopt|assume|play) the (?:role|part|persona|voice|identity) of\b"
    r"|(?:ab jetzt|von nun an|ab sofort) (?:bist|wirst|sollst|musst|antwort\w+|schreib\w+) (?:du)?"
    r"|(?:du bist|sie sind) (?:jetzt|nun|ab sofort|nicht mehr) (?:ein|kein|der|die|im)\w*"
    r"|(?:a partir de ahora|desde ahora|de ahora en adelante),? (?:eres|ser[áa]s|debes|respond\w+|"
    r"act\w+)"
    r"|(?:ahora eres|ya no eres) un\w*"
    r"|(?:à partir de maintenant|désormais),? (?:tu|vous)\b"
    r"|(?:tu es|vous êtes) (?:maintenant|désormais) (?:une?|le|la)\b)",
    re.IGNORECASE,
)
"""Gives the one spoken to another role; opens a sentence."""

ABOUT_MACHINES = re.compile(
    r"\b(?:AI|A\.I\.|KI|IA|LLMs?|(?i:language models?|chat ?bots?|artificial intelligence|chatgpt|"
    r"openai|prompt injections?|machine learning|künstliche\w* intelligenz|inteligencia artificial|"
    r"intelligence artificielle|sprachmodell\w*))\b"
)
"""Words by which an article is about such machines."""

WRITTEN_THINGS = re.compile(
    r"\b(?:this|the|every|all|each|other) (?:article|text|document|page|story|passage|outlet|"
    r"source|conversation|"
    r"chat|session)s?\b|\b(?:claims?|facts?|quotations?|quotes?|figures?|numbers?|summar\w+|"
    r"sentences?|paragraphs?|letters?|vowels?|consonants?|words?|emojis?|spaces|punctuation|"
    r"syllables?|symbols?|typos|readers?|users?|probabilit\w+|prompt|answers?|repl(?:y|ies)|"
    r"respon[sd]\w*|outputs?|typo|capitals|uppercase|lowercase|base64|morse|rot13|json|"
    r"html|markdown|emoji|language|french|german|spanish|latin)\b",
    re.IGNORECASE,
)
"""What an order about writing speaks of, as against one about cooking or travel."""
