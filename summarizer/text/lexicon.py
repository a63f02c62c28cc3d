# ruff: noqa: SIM905  (a word list reads best as words)
"""Word lists of the news register: what to skip, and which forms are one word.

All lists were written for this project from general knowledge of English news prose.
"""

from __future__ import annotations

STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        """a about above after again against all also am an and any are as at be because been
        before being below between both but by can cannot could did do does doing down during each
        few for from further had has have having he her here hers herself him himself his how i if
        in into is it its itself just me more most my myself no nor not now of off on once only or
        other our ours ourselves out over own same she should so some such than that the their
        theirs them themselves then there these they this those through to too under until up upon
        us very via was we were what when where which while who whom whose why will with would you
        your yours yourself yourselves shall may might must one ones mr mrs ms dr s t d ll m re ve
        n't amid among around within without toward towards since per said say says saying told
        tell tells according added adding""".split()
    ),
    "de": frozenset(
        """der die das den dem des ein eine einer eines einem einen und oder aber nicht ist sind war
        waren wird werden wurde wurden hat haben hatte hatten in im an am auf aus bei mit nach von
        vom vor zu zum zur für über unter um durch als auch es er sie wir ihr sich dass daß wie wenn
        so noch nur dieser diese dieses sein seine ihre""".split()
    ),
    "fr": frozenset(
        """le la les l' un une des du de d' et ou mais ne pas est sont était ont a été être avoir il
        elle ils elles on nous vous je ce cette ces son sa ses leur leurs que qui dont où dans en
        au aux par pour sur avec sans sous plus comme se s' y""".split()
    ),
    "es": frozenset(
        """el la los las un una unos unas y o pero no es son era fue han ha sido ser de del a al en
        por para con sin sobre entre que quien como se su sus lo le les este esta estos estas más
        ya también""".split()
    ),
}

# Irregular forms a stemmer cannot join; each line is one verb or noun, its base form first.
_IRREGULAR = """
arise arose arisen|become became|begin began begun|blow blew blown|break broke broken
bring brought|build built|burn burnt|buy bought|catch caught|choose chose chosen|come came
deal dealt|draw drew drawn|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen
feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden
forget forgot forgotten|forgive forgave forgiven|freeze froze frozen|get got gotten
give gave given|go went gone|grow grew grown|hang hung|hear heard|hide hid hidden|hold held
keep kept|know knew known|lay laid|lead led|learn learnt|leave left|lend lent|lose lost
make made|mean meant|meet met|overthrow overthrew overthrown|pay paid|ride rode ridden
ring rang rung|rise rose risen|run ran|see saw seen|seek sought|sell sold|send sent
shake shook shaken|shoot shot|show shown|shrink shrank shrunk|sing sang sung|sink sank sunk
sit sat|sleep slept|slide slid|speak spoke spoken|spend spent|spin spun|stand stood
steal stole stolen|stick stuck|strike struck stricken|swear swore sworn|sweep swept
swim swam swum|take took taken|teach taught|tear tore torn|think thought|throw threw thrown
undergo underwent undergone|understand understood|wake woke woken|wear wore worn|win won
withdraw withdrew withdrawn|write wrote written|man men|woman women|child children
foot feet|tooth teeth|wife wives|life lives|leader leadership|die dead death dying
kill slain|injure injury|elect election|invade invasion|decide decision|destroy destruction
"""
IRREGULAR: dict[str, str] = {
    form: line.split()[0]
    for row in _IRREGULAR.split("\n")
    for line in row.split("|")
    for form in line.split()[1:]
}

# Adjectives of nations and peoples, with the country whose name they stand for.
_DEMONYMS = """
american=america british=britain briton=britain english=england scottish=scotland scot=scotland
welsh=wales irish=ireland russian=russia ukrainian=ukraine belarusian=belarus polish=poland
german=germany french=france spanish=spain italian=italy dutch=netherlands belgian=belgium
swedish=sweden norwegian=norway danish=denmark finnish=finland greek=greece turkish=turkey
hungarian=hungary romanian=romania bulgarian=bulgaria czech=czechia serbian=serbia
croatian=croatia estonian=estonia latvian=latvia lithuanian=lithuania portuguese=portugal
austrian=austria swiss=switzerland european=europe chinese=china japanese=japan korean=korea
taiwanese=taiwan indian=india pakistani=pakistan afghan=afghanistan iranian=iran iraqi=iraq
syrian=syria israeli=israel palestinian=palestine lebanese=lebanon egyptian=egypt saudi=saudi
yemeni=yemen libyan=libya sudanese=sudan ethiopian=ethiopia kenyan=kenya nigerian=nigeria
ghanaian=ghana somali=somalia african=africa asian=asia australian=australia canadian=canada
mexican=mexico brazilian=brazil argentine=argentina colombian=colombia venezuelan=venezuela
chilean=chile cuban=cuba indonesian=indonesia malaysian=malaysia philippine=philippines
filipino=philippines thai=thailand vietnamese=vietnam zimbabwean=zimbabwe zambian=zambia
georgian=georgia armenian=armenia kazakh=kazakhstan
"""
DEMONYMS: dict[str, str] = dict(pair.split("=") for pair in _DEMONYMS.split())

# Cues that a sentence denies something (stems).
NEGATIONS = frozenset(
    """not no never none neither nor without cannot n't deni refus fail reject declin unlik
    denial refus nobodi noth""".split()
)
