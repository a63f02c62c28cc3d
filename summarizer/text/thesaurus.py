"""Words that news writers use for one another, so that two outlets' wordings can meet.

The same event in other words has little in common letter for letter. A thesaurus of the
news register, written for this project from general knowledge of news English, brings the
commonest exchanges together. Each row is one group, its words given in base form; a word
stands in one group only. Words of a row are near-synonyms *in reports of one event*: they
need not be interchangeable in general.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from summarizer.text.words import stem_of

_ROWS = """
lawyer attorney counsel solicitor barrister
police officer cop constabulary
official authority
spokesman spokeswoman spokesperson
president presidential
minister secretary
senator lawmaker congressman congresswoman legislator parliamentarian representative
leader chief head boss chairman chairwoman chair director ceo
company firm business corporation
worker employee staff
buy purchase acquire acquisition
sell sale
kill slay murder dead death die fatality fatal deadly
injure wound hurt injury casualty
attack assault strike raid
bomb explosion blast explode detonate
shoot gunfire gunman shooter shooting
fire blaze inferno wildfire
crash collision collide wreck smash
storm hurricane cyclone typhoon
flood flooding deluge
quake earthquake tremor
arrest detain detention custody apprehend
charge indict indictment accuse accusation allege allegation
jail prison imprison incarcerate sentence
court tribunal judge justice
trial hearing
sue lawsuit suit litigation
convict conviction guilty
acquit exonerate clear vindicate
investigate investigation probe inquiry enquiry examine examination review scrutiny
ban prohibit prohibition bar outlaw forbid
allow permit permission let authorize license
approve approval endorse ratify
reject refuse refusal dismiss rebuff decline
block halt stop suspend suspension pause freeze hold
delay postpone defer
cancel scrap axe abandon drop
reverse reversal overturn overrule undo
begin start launch commence open
end finish conclude cease close
continue remain persist keep
increase rise raise grow growth climb jump surge soar gain boost expand expansion
decrease fall reduce reduction cut shrink dwindle plunge slump lower
praise applaud welcome hail celebrate laud cheer
criticize criticism condemn denounce slam assail decry rebuke lash
support back favor backing
oppose opposition object objection
demand call urge request ask seek appeal
warn warning caution alert
threaten threat menace
promise pledge vow commit commitment
announce announcement unveil declare declaration
reveal disclose disclosure uncover expose
confirm confirmation acknowledge admit
deny denial dispute
claim assert maintain contend argue insist
explain explanation
report account
statement remark comment
speech address
letter message
tweet twitter post
talk meeting meet summit discussion negotiation negotiate conversation dialogue
visit trip travel
arrive arrival come reach
leave depart departure
agree agreement deal accord pact treaty
conflict war fighting battle combat hostilities
peace ceasefire truce
soldier troop force military army
weapon arms armament
invade invasion incursion
border frontier
protest demonstration rally march demonstrate protester demonstrator
vote election elect poll ballot
win victory triumph
lose loss defeat
candidate contender challenger
law legislation statute act bill
rule ruling regulation guidance
decision decide
plan intend intention intent aim propose proposal
try attempt bid effort
help assist aid assistance relief
protect protection safeguard
harm damage
danger risk hazard peril
safe safety secure security
house home residence
building structure
school college university
student pupil
child kid minor youngster
woman female
man male
couple spouse marry marriage wed
doctor physician
hospital clinic
sick ill illness disease
vaccine vaccinate jab inoculate
money fund cash revenue funding
million m
cost price expense
pay payment wage salary
tax levy duty
donate donation contribute contribution give gift
finance financial
job employment
economy economic
environment environmental conservation conservationist ecological
animal wildlife species
hunt hunter hunting
ship vessel boat ferry freighter tanker
plane aircraft airplane jet airliner
train rail railway railroad
car vehicle automobile
road highway motorway street
bridge span
airport airfield
city town municipality
country nation state
world global international
government administration cabinet
agency department bureau office
group organization organisation association
union alliance bloc
people resident citizen inhabitant
friend ally
enemy foe rival adversary
reporter journalist correspondent
newspaper paper
show display
important key crucial critical vital major main top
big large huge massive vast
small little
new recent fresh latest
former ex onetime
rapid quick swift fast
federal national
same-sex gay lesbian
equal equally equality
legal lawful legally
illegal unlawful illicit illegally
angry fury outrage anger furious backlash outcry
fear worry concern anxiety alarm
sorry apologize apology regret
thank grateful gratitude
surprise shock stun
believe think consider
know aware
learn find discover
search look
rescue save
missing disappear vanish
build construct construction erect
repair fix restore mend
destroy demolish ruin destruction
replace substitute successor
resign quit step resignation
appoint name nominate nomination
sack oust
hire recruit
send dispatch deploy deployment
receive get obtain
take seize capture confiscate
steal theft rob robbery burglary
escape flee evade
hide conceal
follow pursue
join enter
include involve comprise
create establish set found form
change alter shift modify
use employ utilize
cause prompt trigger spark lead result
reason motive
evidence proof
year annual annually
month monthly
week weekly
day daily
night evening overnight
earlier previous previously prior
later subsequently afterward afterwards
nearly almost approximately roughly
percent percentage pct
double twice
response reply respond answer
enlarge enlargement
ignore neglect disregard
contain curb restrain limit
tool instrument
tension standoff crisis
massing massed amass buildup
refund repayment
file submit
recognize recognition
benefit advantage perk
apply application
affect impact
amend amended
shut closed closure shutdown
lorry truck
dockworker labourer laborer
passenger traveller traveler commuter
motorist driver
captain skipper
crew sailor seafarer
quay pier dock wharf jetty
harbour port
river waterway stream
fuel petrol gasoline oil
leak spill
rain downpour rainfall
wind gale gust
snow blizzard
evacuate evacuation
shelter refuge
homeless displaced
collapse crumble
insurer insurance
bank lender
loan credit borrow
debt owe
budget spending expenditure
profit earnings
share stock equity
investor shareholder
merger takeover
layoff redundancy redundant
walkout stoppage
pension retirement retire
inflation prices
trade commerce
sanction embargo
factory plant works
carmaker automaker
store shop retailer
customer consumer shopper
restaurant cafe eatery
hotel inn
tourist visitor
landing land touchdown
scientist researcher
study research survey
test experiment
surgery operation
medicine drug medication treatment
dose shot
infection outbreak
virus pathogen
cure heal
cancer tumour tumor
pregnant pregnancy
baby infant newborn
mother mum mom
father dad
wife husband
brother sister sibling
daughter son
teen teenager adolescent youth
elderly pensioner
neighbour neighbor
crowd throng
audience spectator
fan supporter
player footballer athlete
match game fixture
goal score
champion title
referee umpire
stadium arena
film movie
actor actress
singer musician
album record
author writer novelist
painting artwork
museum gallery
jewel jewellery jewelry
burglar thief robber
gun pistol rifle
knife blade stab
corpse body
funeral burial bury
mourn grieve grief
prayer pray
priest cleric
pope pontiff
king monarch queen
prince princess
ambassador envoy diplomat
embassy consulate
parliament legislature
commission commissioner
committee panel
council councillor councilman
democrat democratic
republican gop
immigrant migrant refugee
passport visa
prisoner inmate detainee
hostage captive
kidnap abduct
torture abuse mistreat
fraud scam swindle
bribe bribery corruption
smuggle traffic
fine penalty
verdict judgment judgement
testify testimony
jury juror
prosecutor prosecution
defendant accused
crime offence offense
terrorist militant extremist
rebel insurgent
airstrike bombardment shelling shell
nuclear atomic
climate warming
emission pollution pollute
forest woodland
farmer grower farm
crop harvest
fish fishing fisherman
catch haul
energy power electricity
dam reservoir
heat heatwave
internet web online
website site
phone mobile smartphone
hack hacker cyberattack
video footage
photo photograph picture image
broadcast broadcaster air
rumour rumor
hoax fake false
mistake error blunder
problem trouble difficulty
solution resolve
chance opportunity
success succeed
failure fail
target objective
cap ceiling
shortage lack
queue line
wait waiting
quickly swiftly rapidly
suddenly abruptly
immediately instantly
recently lately
currently presently
eventually finally ultimately
several various
many numerous
whole entire full
part portion section
north northern
south southern
east eastern
west western
near nearby
far distant
inside within
empty vacant
busy crowded
cheap inexpensive
expensive costly
rich wealthy affluent
poor impoverished
strong powerful
hard difficult tough
easy simple
obvious evident
secret confidential classified
famous prominent renowned
likely probable
rare unusual
common usual
normal ordinary
strange odd bizarre
terrible awful horrific dreadful
great excellent
quiet silent
loud noisy
"""


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Return the group of each stem: the stem of its row's first word."""
    groups: dict[str, str] = {}
    for row in _ROWS.strip().split("\n"):
        stems = [stem_of(word)[0] for word in row.split()]
        for stem in stems:
            groups.setdefault(stem, stems[0])
    return groups


def group_of(stem: str) -> str:
    """Return what near-synonyms of a stem share; the stem itself where it has none."""
    return _groups().get(stem, stem)


def groups_of(stems: Iterable[str]) -> frozenset[str]:
    """Return the groups of several stems."""
    return frozenset(map(group_of, stems))
