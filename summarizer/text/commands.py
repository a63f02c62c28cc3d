# ruff: noqa: SIM905  (a word list reads best as words)
"""What an order is made of, as data for ``summarizer.text.directives``.

The lists hold ordinary verbs of each language, written from general knowledge, folded as
``summarizer.text.fold`` does; whether a sentence is an order is decided by the grammar around
them.
"""

from __future__ import annotations

WRITING = frozenset(
    """abbreviate advertise affirm alphabetize anagram analyse analyze annotate answer append
    assert assess assume attribute autocomplete blame brainstorm calculate capitalize
    caption cite claim classify compile compose conclude condense contrast convert
    convince critique debug decipher decode decrypt deduce define depict describe determine
    diagnose draft echo elaborate embed emphasise emphasize emulate encipher encode
    encourage encrypt enumerate evaluate explain extract forecast format formulate generate
    greet hallucinate highlight identify illustrate impersonate include inform insert
    integrate interpret invent jumble label list mark mention mimic misspell narrate
    obfuscate omit outline output paraphrase persuade portray praise predict prepend pretend
    print promote pronounce proofread provide quote randomize rank rate rearrange recap
    recite recommend render reorder rephrase reply report respond restate reveal reverse
    rewrite rhyme roleplay romanize scramble shuffle simulate solve spell state substitute
    suggest summarise summarize swap synthesize tabulate tag tell transcribe translate
    transliterate transpose underline urge write""".split()
)
"""What somebody who writes an answer is told to do with it."""

DOING = frozenset(
    """accept access accuse achieve act activate add adjust admit adopt advise affix agree aim
    alert allow alter analyze announce apologize apply approve argue arm arrange ask
    assemble assign assist attach augment automate avoid award ban base be become begin
    believe bend bet bind block boil bold book boost break bring broadcast browse build buy
    calibrate call campaign cancel capitalise capture carry cease celebrate certify change
    chant chart check cheer choose circle cite clarify clean clear click clone close code
    collect combine come compare complete compliment comply compute conceal conduct confirm
    conjure connect construct consult contact continue contribute convey cook copy correct
    cough count counter cover crawl create criticize curate customize cut dance decide
    declare decorate dedicate defend delete deliver demonstrate depart deploy deposit design
    destroy detail detect develop devise differentiate dig direct disable disclose discover
    discuss display disregard distort distribute divide do donate double doubt download draw
    dress drive drop dry duplicate eat edit elevate eliminate email employ enable
    encapsulate end endorse engage enhance enlist enrich ensure entertain erase escalate
    establish estimate exaggerate examine exchange exclude execute exhort exit expand
    explode explore export expose express extend fabricate falsify favor favour feature
    fetch fill filter find finish fix flag flatter flip flood fly focus fold follow forget
    format forward frame freeze fry fund gather get give glorify grab grade grant group grow
    guess guide hand handle hang help hide hint hire hit hold host hunt hurry hype ignore
    imagine implement import improve incorporate increase indicate infer infuse initiate
    inject inspect install instill instruct interpolate interrogate interview introduce
    invert invest investigate invite invoke iron iterate jog join judge jump keep kill knit
    knock launch lead learn leave lend let lie lift limit link list listen load locate lock
    log look lookup lower maintain make manipulate map market mask match measure meet melt
    memorize mend merge message mislead mix mock modify monitor motivate move mow multiply
    name nap navigate negate negotiate nominate note notice notify obey obtain offer open
    operate oppose optimize order organize override pack paint pair park parse pause pay
    peel perform permit phrase pick picture pin place plan play pledge plug point post pour
    practice pray prefer prepare prescribe present preserve press pressure pretend prevent
    prioritise prioritize probe process produce program promise propose prove provoke prune
    publish pull purchase push put query quit raise reach read rearrange recall recognize
    reconsider record recount redirect reduce refactor refer reflect reformat refrain refuse regard
    register reinforce reject relate relay release rely remark remember remind remix remove
    rename repeat replace request research reserve reset resolve rest retrieve return
    retweet review revise reward ride rig ring rinse roast roll rotate run sample save scan
    scare schedule score scrape scroll search season see seek select sell send separate set
    sew share shave shift shoot shorten shout show shut sign sing sip sit skate sketch skip
    sleep slice slide slip smear smile sneak soak soften solicit sort spam speak specify
    speed spin split sponsor spoof spray spread squeeze stand start steal steer stick stir
    stop store stress strip structure study submit subscribe subtly subtract support
    suppress surf survey sweep swim switch tailor take talk tap target taste teach tease
    terminate test text threaten throw tie toast toggle tone tour trace track trade train
    transfer transform transmit treat trick trigger trim troubleshoot trust try tune turn
    type uncensor uncover undermine unlock unpack unplug unscramble unsubscribe unwrap
    update upload urge use utilize vacuum validate vary verify view visit vote vouch wait
    walk warm warn wash watch water watermark wear weave welcome whisper whistle win wind
    wipe wish withhold work worship wrap zip""".split()
)
"""Other verbs that an order may open with."""

NOUN_TOO = frozenset(
    """access act aim alert answer approach author award ban base bet blame block book
    boost break broadcast call campaign caption change chart check cheer circle
    claim clean clear clone close code complete compliment contact contrast cook
    copy correct count counter cover cut dance deposit design detail direct display
    divide double doubt download draft draw dress drive drop dry echo edit email end
    estimate exchange exit export extract feature fetch fill filter finish fix flag
    flip fly focus fold forecast format forward frame fund grab grade grant group
    guess guide hand handle help hint hire hit hold host hunt import increase
    initiate interview invite iron join judge jump kill knock label launch lead
    leave lie lift limit link list load lock log look lower make map mark market
    mask match measure mention merge message mix mock monitor move name nap note
    notice offer open order outline output pack paint pair park pause phrase pick
    picture pin place plan play pledge plug point post practice praise present press
    pressure print process produce program promise purchase query quote raise rank
    rate reach read recall recap record register release remark rent repeat reply
    report request research reserve reset rest return reverse review reward rhyme
    ride rig ring roast roll run sample save say scan scare schedule score scrape
    search season select separate set share shift shoot shout show sign sketch sleep
    slide slip smear smile sort spam spell spin split sponsor spray spread stand
    start state stick stop store stress strip structure study support surf survey
    swap swim switch tag take talk tap target taste tease test text thank tie toast
    tone tour trace track trade train transfer transform trick trigger trust try
    tune turn type update upload use vacuum view visit vote wait walk warm wash
    watch water wear welcome whisper win wind wipe wish work wrap zip""".split()
)
"""Those that are as often a noun or an adjective, so that the next word must show the verb."""

PARTICLES = frozenset(
    """about and as backwards by from in into like on only out through to up using with""".split()
)
"""After a verb that is also a noun these leave the verb possible: "Look up …", "Reply in …"."""

TALKING = frozenset(
    """book check click come consider discover download email enjoy find follow get imagine join
    keep learn leave listen look meet note pick picture reach read register remember see share
    sign sip start stay subscribe suppose take think try tune visit vote wait watch
    welcome""".split()
)
"""Of ``DOING``, those with which pages turn to their readers: "Imagine …", "Follow us on …"."""

PERCEIVING = frozenset("see guess remember believe hear feel imagine spot tell find".split())
"""What a reporter asks the reader only for the sake of talking: "Can you see the likeness?"."""

GERMAN = frozenset(
    """analysiere antworte antwortet anworte beachte beantworte beende beginne begrusse behaupte
    benutze berechne beschreibe bestatige bewerte bezeichne codiere denk denke dichte
    empfehle empfiehl entferne entwerfe erfinde erklare ersetze erstelle erwahne erzahle
    fasse finde formuliere fuge fuhre gebe gib handle hange ignoriere ignoriert kodiere
    liste losche lose mach mache nenne ordne rechne reime sag sage schicke schlage schreib
    schreibe sende setze singe sortiere spiel spiele sprich stell stelle streiche suche
    tausche tu tue ubersetze uberspringe unterlasse verandere verfalsche verfasse vergiss
    verknupfe verrate verschlussle versteck verstecke vertausche verwandle verwende wandle
    wechsle wiederhole zahle zeichne zeig zeige zitiere""".split()
)
"""Orders to one person; the polite form is known by its "Sie"."""

GERMAN_MODALS = frozenset(
    """durfen durften finden glauben haben hatten kennen konnen konnten meinen mochten mogen mussen
    mussten sind sollen sollten waren werden wollen wollten wurden wussten""".split()
)
"""Before "Sie" they ask or suppose, and give no order."""

SPANISH = frozenset(
    """actua adopta agrega agregue anada anade analiza calcula cambia cita clasifica codifica
    comienza completa compone componga concluya convierta convierte corrige crea cree cuenta
    cuentame da dame define describa di diga dime elabora elimina elimine enumera envia
    envie escriba escribe explica explicame explique finge genera genere haz hazme ignora
    ignore imagina incluya indica indique inserta inserte inventa invierte lista mande
    menciona mencione muestra muestre nombra olvida olvide omita omite ordena pinta pon
    ponga proporciona proporcione recita recomienda redacta redacte reemplace reemplaza
    repita repite responda responde resuma resume revela simula sustituya sustituye termina
    traduce traduzca usa use utilice utiliza""".split()
)
"""Familiar and polite orders; the familiar ones are also "he does", so they prove little."""

FRENCH = frozenset(
    """ajoute ajouter analyse calcule change cite classe commence compose conclus corrige cree
    decris dis donne ecrire ecris efface enumere envoie explique fais genere ignore ignorer
    imagine inclure inclus indique insere invente inverse liste mentionne mentionner montre
    nomme omets oublie oublier parle passe propose raconte recite redige remplace repete
    repondre reponds resume revele simule supprime termine traduire traduis trouve
    utilise""".split()
)
"""Familiar orders and infinitives; the polite form is known by its "-ez"."""

FRENCH_EZ = frozenset("assez chez nez rez lez riez suarez gonzalez".split())
"""Words that end like a polite order and are none, or only a manner of speaking."""

ADJUNCTS = (
    "ideally|whenever|when|if|before|after|for|at|in|on|from|instead of|rather than|without|by|"
    "throughout|during|once|to|using|with|as|unless|until|regardless of"
)
"""What opens a part of a sentence that may come before an order and ends in a comma."""

BROAD = frozenset(
    """actual answer anyon anyth ask becom best better big chang come day differ els end even ever
    everyon everyth exact feel find first found friday full get give given go good great
    happen hour keep know last let life like littl live long look made main make mani matter mean
    minut monday month morn much need new next night noon noth now old one part peopl people
    per person place possibl question real realli reason right saturday seem set simpl
    simpli small someon someth start still sunday sure take tell thing think thought three
    thursday time today tomorrow tuesday two us use want way wednesday week work world wrong
    year yesterday""".split()
)
"""Stems that stand in articles on anything, so that sharing them shows no common topic."""
