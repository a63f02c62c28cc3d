"""Lines in which a page speaks to its reader, of itself or of its author, told by their words.

Where ``furniture`` holds signs that a model weighs, a line that is a remark is no part of an
article whatever stands around it. What people say in quotation marks is not looked at.
"""
# ruff: noqa: E501, RUF001 (an alternative is a line of its own; letters of other scripts are meant)

from __future__ import annotations

import re


def _any(text: str) -> re.Pattern[str]:
    """Return a pattern of the lines of ``text``, each an alternative at a word's start."""
    body = "|".join(line.strip() for line in text.strip().splitlines())
    return re.compile(rf"(?<!\w)(?:{body})", re.IGNORECASE)


def _start(text: str) -> re.Pattern[str]:
    """Return a pattern of the lines of ``text``, each an alternative at the line's start."""
    body = "|".join(line.strip() for line in text.strip().splitlines())
    return re.compile(rf"^\W*(?:{body})", re.IGNORECASE)


_QUOTED = re.compile(
    r"“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|„[^“”]*(?:[“”]|$)|«[^»]*(?:»|$)|「[^」]*(?:」|$)"
)

_THIS = (
    r"th(?:is|e) (?:\w+ )?(?:article|story|post|piece|report|essay|interview|column|page|explainer)"
)
_THIS_OWN = (
    r"this (?:\w+ )?(?:article|story|post|piece|report|essay|interview|column|page|explainer|"
    r"content|material|website|site|transcript|headline|video|podcast|episode)"
)
_NEWS = r"(?:journalis[mt]s?|reporting|newsrooms?|reporters|newspaper|news)"

# Said to the reader: subscribe, sign in, pay, give, write to us, read on elsewhere.
_APPEAL = _any(
    rf"""
    (?:in|to|into) your (?:inbox|mailbox)
    (?:enter|add|type) your (?:e-?mail|address|name|postcode|zip)
    your (?:e-?mail|email address)(?: address)?\W*$
    your (?:\w+ )?(?:gift|donation|contribution|subscription|membership|support) (?:will|helps?|makes?|today|keeps?|is)
    (?:readers|listeners|viewers|people|members|supporters) like you
    (?:make|send|give) (?:your|a) (?:\w+ )?(?:gift|donation|contribution)\b
    if you (?:liked|enjoyed|like|enjoy|value|want more|found) (?:this|our|what|these|stories)
    thank(?:s| you) for (?:reading|registering|signing|subscribing|joining|supporting|your (?:support|interest))
    (?:thank|check) .{{0,40}}your inbox
    was this (?:article|story|explainer|page|information) (?:useful|helpful|interesting)
    you(?:['’]ve| have) (?:\w+ )?(?:read|reached|used|hit) .{{0,40}}(?:free|articles?|stories|issues?|limit)
    (?:already|are you|not) (?:an? )?(?:subscriber|member|registered)\b
    (?:already|don['’]t|do not) have an account
    become (?:an? |our )?(?:\w+ )?(?:member|friend of|patron|supporter|subscriber)
    join (?:(?:the|our|more|than|over|us|some) )*[\d,.]+ ?(?:k|m|million|thousand)? ?(?:\w+ )?(?:readers|members|subscribers|supporters|others|people)
    subscribe (?:to|for|now|today|here|and)\b.{{0,60}}\b(?:our|us|free|month|week|newsletter|channel|podcast|now|today|read|unlimited)
    (?:sign|signing) up (?:here|now|today|for (?:our|the|free|a free|your|[A-Z])|to (?:our|the|receive|get|\w+ (?:newsletter|briefing)))
    (?:our|free|daily|weekly|morning|evening) (?:\w+ )?(?:newsletter|e-?mail|briefing|digest|alerts?)\b.{{0,80}}(?:\byou|\bfree|stories|inbox|sign|subscri|day)
    newsletter\W*$
    get (?:the|our|all|more) .{{0,60}}(?:newsletter|inbox|e-?mail|app|alerts?|delivered)
    never miss (?:a|an|out|our)
    get the (?:latest|newest) (?:\w+ )?(?:updates?|news|headlines|stories)\b.{{0,80}}\b(?:our|here|hub|app|first)\b
    (?:follow|see|read|find) (?:all )?(?:the|our) (?:latest |full |live )*.{{0,60}}\b(?:on|in|at) our\b
    get in touch with (?:us|our)\b|e-?mailing us\b
    for more (?:stories|news|articles|coverage|on this|like this)\b.{{0,60}}\b(?:check|visit|see|read|click|follow|head|go)\b
    (?:can be|may be) reached (?:at|by|via)\b|reach (?:him|her|them|the reporter) (?:at|by|on)\b
    this is a (?:breaking|developing) (?:news )?(?:story|event)\b|more to (?:follow|come)\W*$|check back (?:for|later|soon)\b
    (?:this )?(?:story|article|post|page) (?:will be updated|is being updated)\b
    by (?:signing up|subscribing|registering|continuing|clicking|submitting)\b.{{0,60}}\b(?:you|agree|accept)\b
    advertisement\b.{{0,60}}\b(?:loaded|continues?|below)\b|(?:story|article|content) continues? (?:below|after)\b
    you(?:['’]re| are) (?:receiving|getting|subscribed)\b|you (?:received|got) this (?:e-?mail|message|newsletter)\b|unsubscribe\b
    (?:view|read|open) this (?:e-?mail|message|newsletter) (?:in|on) (?:your|a) browser
    sie erhalten diese|vous recevez (?:cet|ce|cette)|recibe este (?:correo|mensaje)|hai ricevuto questa|newsletter abbestellen|se désabonner
    dieser artikel ist (?:nur )?für|mit (?:einem )?(?:\w+)?abo(?:nnement)? (?:weiter)?lesen|artikel weiterlesen|jetzt weiterlesen
    (?:la suite|cet article|l['’]article) est réservée? (?:à|aux)|contenido (?:exclusivo )?(?:para|solo)|contenuto riservato
    (?:accès|lecture) réservée?|pour lire la suite|para seguir leyendo|continua a leggere|per continuare a leggere|para continuar lendo
    follow (?:us|our|along|@|me|him|her|them) (?:on|coverage|live|channel|socials?|at|for|@)
    (?:follow|join) our (?:live|whatsapp|telegram|facebook|coverage|channel|community|comment|social)
    (?:do|did|have|were) you (?:have|know|been|want|see|live|affected|in|think|got|spot)\b[^.]{{0,100}}\?.{{0,120}}(?:story|stories|information|tip|question|contact|email|e-mail|let us|tell us|our|write|get in touch|pictures|form)
    (?:got|have) (?:a|an) (?:story|tip|news tip|question|view|opinion)\b.{{0,60}}\?
    (?:tell|email|e-mail|write to|contact|message|call|ask|text|reach|send) us\b
    let us know\b.{{0,60}}(?:comment|think|below|email|@)
    share your (?:thoughts|views?|stor|experience|opinion)
    (?:comments?|replies|discussion)(?: section| thread)? (?:are|is|will be|on this .{{0,20}}) (?:now )?(?:closed|moderated|open|turned off|disabled|pre-moderated)
    (?:welcomes?|moderates?|publish|reads?|removes?|reserves? the right) .{{0,60}}\bcomments?\b
    (?:log|sign) in (?:to|or) (?:comment|continue|read|join|view|your)
    (?:to|please) (?:continue|keep) reading
    (?:click|tap|scroll|swipe) (?:here|below|the|on|to|for|down)\b
    (?:download|get) (?:our|the) (?:\w+ ){{0,3}}app\b
    support (?:our|us|independent|local|quality|the \w+ from|public|for \w+ comes)\b.{{0,40}}(?:{_NEWS}|today|from|work|us|month|reporting)
    (?:reader|listener|member|audience)[- ](?:support|funded|contributions)
    (?:independent|local|quality|public|good|free|rural|investigative) {_NEWS} (?:costs?|depends?|relies|needs? (?:you|your)|is not free|isn['’]t free|alive|matters)
    only works? when .{{0,40}} pay
    from as little as|for (?:just|only|as little as) .{{0,20}}a (?:week|month)
    please (?:consider|refresh|enable|support|donate|subscribe|share|note that comments|sign|log|read our)
    this (?:article|story|content) is (?:free|for|reserved|exclusive|only|available)
    (?:earn|receive|get) an? (?:small |affiliate )?commission
    (?:use|uses|using|set|sets|store|stores) (?:of )?cookies|your (?:cookie|consent|privacy) (?:choices?|settings|preferences)
    (?:we and|our|with) (?:our )?(?:\d+ )?partners\b.{{0,80}}\b(?:store|use|process|access|data|information|device)
    (?:consent|agree) to (?:the|our|us)\b.{{0,40}}\b(?:process|use|stor|cookies|terms)
    (?:free|available|open|only) (?:for|to) (?:our |all )?(?:subscribers|members|clients)
    (?:earns?|pays?) (?:me|us|it) an? (?:small )?commission
    (?:selected|chosen|explained|curated|picked) by (?:our|the) editors
    we (?:wrote|reported|said|stated|named|misspelled|misstated) (?:at first|first|earlier|previously|wrongly|incorrectly|initially|in error)
    (?:par|dalla|por|von|da) (?:la |der |unserer |nuestra |nossa )?(?:rédaction|redazione|redacción|redação|redaktion)\b
    s['’](?:inscrire|abonner)\b
    (?:conviértete en|hazte|apoya el|al continuar navegando|acepta nuestra|vous pouvez vous|un'informazione)
    (?:política de privacida[d]e?|politique de confidentialité|datenschutzerklärung|informativa sulla privacy)
    (?:unserem|aus dem) archiv\b.{{0,80}}(?:abo|zugriff)
    (?:in|zu|an) ihr(?:em|en)? (?:e-?mail-)?postfach
    (?:jetzt|hier) (?:kostenlos |gratis |direkt |gleich )?(?:anmelden|abonnieren|registrieren|testen|lesen|bestellen|sichern|herunterladen)
    (?:schreiben|folgen|abonnieren|kontaktieren|unterstützen) sie (?:uns|unseren|die|hier)
    haben sie .{{0,60}}(?:entdeckt|hinweise|fragen|anregungen|gesehen)
    (?:kommentarfunktion|kommentarbereich|hausordnung|netiquette|abonnentinnen|für abonnenten)
    (?:unser|der|den|unseren|zum|täglicher?) (?:kostenlose[nr]? )?newsletter
    bleiben sie (?:auf dem laufenden|informiert)
    (?:suscr[ií]b(?:ete|ase|irse)|reg[ií]str(?:ate|ese)|inicia sesión|síguenos|apúntate|hazte socio|recibe (?:cada|la|las|nuestr|en tu))
    (?:en|a) tu (?:correo|bandeja|email)
    (?:si quieres|si te ha gustado|si has|ayúdanos|apóyanos|únete a)
    (?:abonnez|inscrivez|connectez|identifiez|retrouvez|rejoignez|suivez|recevez|découvrez|soutenez)(?:-vous|-nous| nous| notre| nos| chaque| gratuitement| toute)?
    (?:article|contenu|édition) réservée? aux?
    réutiliser ce contenu|vous pouvez lire .{{0,40}}appareil|votre (?:adresse e-?mail|boîte|abonnement|compte)
    (?:iscriviti|abbonati|registrati|seguici|sostieni(?:ci)?)\b
    (?:assine|inscreva-se|cadastre-se|siga(?:-nos| a| o|  no)|receba (?:a|o|as|os|no|nossa|em)|clique (?:aqui|para))\b
    (?:meld je aan|schrijf je in|abonneer|word (?:lid|abonnee)|volg ons|steun ons)
    (?:prenumerera|följ oss|logga in|bli (?:medlem|prenumerant)|abonner på|følg oss|tilmeld dig)
    (?:подпи(?:шитесь|сывайтесь|саться)|читайте нас|следите за|підпи(?:шіться|суйтесь)|заметили ошибку|нашли ошибку|сообщите нам)
    (?:zapisz się|zaprenumeruj|obserwuj nas|dołącz do)
    """
)
_APPEAL_EAST = re.compile(
    r"(?:有料|無料)会員|会員(?:登録|記事|限定|の方)|続きを(?:読む|見る)|メール(?:マガジン|アドレス|で届)|"
    r"フォロー(?:する|して)|電子版(?:なら|で|は)|ご(?:意見|感想|質問)を?.{0,12}(?:待ち|寄せ)|初月無料|登録(?:すると|はこちら|する$)|ログイン|こちら(?:から|へ)|お寄せください|"
    r"扫码|关注我们|点击(?:这里|查看|进入)|订阅|下载.{0,6}(?:APP|客户端)|구독|로그인|제보"
)

# Said of the text itself: corrected, first printed elsewhere, produced with, licensed under.
_OWN_TEXT = _any(
    rf"""
    {_THIS_OWN} (?:was|is|has been|will be|were) (?:\w+ )?(?:amended|corrected|updated|edited|produced|republished|translated|supported|funded|sponsored|syndicated|licensed|reserved|written (?:with|by)|generated|created|provided|adapted|reprinted|first published|originally published|co-published|part of (?:a|our|the)|based on|made possible|for (?:information|general|subscribers|members)|protected|intended|brought to you|free|made|distributed|copyright)
    {_THIS_OWN} (?:originally |first |also )?(?:appear(?:s|ed)|ran) (?:in|on|as|originally|under)
    {_THIS_OWN} (?:does not|doesn['’]t|may|contains?|includes?|uses?|comes|draws|reflects|represents) .{{0,50}}(?:advice|affiliate|links?|cookies|opinion|views|information from|reporting from|material from|contain|constitute|not be)
    (?:an?|the) (?:earlier|previous|original|longer|shorter) version of {_THIS}
    (?:a )?version of {_THIS} (?:was|appear|ran|first|originally)
    (?:originally (?:published|appeared|posted)|first (?:published|posted)) (?:in|on|by|at)
    (?:co-)?published (?:with|in partnership|under)
    (?:republish|reprint|republished|reprinted)\b.{{0,60}}(?:article|story|permission|free|licen|from)
    (?:licensed|republish\w*) under
    creative commons
    (?:additional |with )?(?:research|reporting|photography|fact.checking|translation|illustrations?) by [^.]{{2,60}}\.?$
    dieser (?:artikel|beitrag|text) (?:wurde|ist|erschien|stammt|erscheint)
    este (?:artículo|artigo|texto|conteúdo|contenido|reportagem) (?:fue|foi|ha sido|es|é) (?:\w+ )?(?:actualizad|atualizad|publicad|corregid|corrigid|producid|produzid|traducid|traduzid|exclusiv)
    cet article (?:a été|est|vous) (?:\w+ )?(?:mis|publié|corrigé|modifié|réservé|traduit|issu|initialement)
    questo articolo (?:è|e) stato
    """
)
_NOTE = _start(
    r"""
    (?:corrections?|clarifications?|editor['’]?s['’]? note|editors['’] note|publisher['’]s note|author['’]s note)\b(?: and clarification)?\W
    (?:korrektur|anmerkung(?: der redaktion)?|hinweis(?: der redaktion)?|corrección|fe de errores|nota (?:de|da|del) (?:la )?(?:redac\w+|editor)|rectificatif|erratum|correção|errata|rettifica)\s?[:：\n]
    (?:disclosure|disclaimer|full disclosure|conflict of interest)\W
    (?:notes? to editors|for media inquiries|media contact|press contact)\W
    (?:the )?(?:reporters?|reporting|project|series|investigation|authors?) (?:was|were|is|are|has been) (?:\w+ )?(?:supported|funded|made possible) by
    (?:hi|hello),? (?:i['’]m|i am|my name)|about (?:me|us|[a-z]\w+(?: [a-z][\w-]+)?)$
    訂正|お詫び|更正|정정
    """
)
# Said by the lawyers, of the site.
_LAW = _any(
    r"""
    all rights? reserved
    (?:material|content|article|story|report) (?:may|must|can) not be (?:published|reproduced|copied|broadcast|rewritten|redistributed|republished)
    (?:©|\(c\)|copyright) ?(?:\(c\)|©)? ?(?:19|20)\d\d
    registered (?:office|in england|charity|company|trademark)
    (?:external|third.party) (?:sites?|websites?|links?|content)\b.{0,40}(?:responsib|terms|linking|privacy)
    not responsible for the (?:content|accuracy)
    (?:not|nor) (?:constitute|intended (?:as|to be)|be (?:construed|regarded|considered) as) .{0,30}(?:advice|recommendation|offer)
    past performance is
    no (?:stock |financial )?positions? in any
    delayed (?:at least|a minimum|by at least)
    (?:privacy|cookie|comment|comments|editorial|corrections|ethics) polic(?:y|ies)\b
    (?:terms|conditions) of (?:use|service|sale)
    terms (?:and|&) conditions (?:apply|of)
    community (?:guidelines|standards|rules)
    (?:views|opinions) expressed (?:in|here|by|on|are)\b
    todos (?:los derechos|os direitos) reservados|tous droits (?:de reproduction )?réservés|alle rechte vorbehalten
    (?:tutti i diritti|riproduzione) riservat[ai]|все права защищены|wszelkie prawa
    """
)
_LAW_EAST = re.compile(
    r"無断(?:転載|複製)|著作権(?:法|は)|转载|版权(?:所有|归)|责任编辑|무단 ?(?:전재|복제)|저작권|ⓒ|©"
)

# Names other stories, or what this one is filed under.
_POINTER = _start(
    r"""
    (?:read|see|watch|listen|hear)(?: also| more| next| now| this| on| the full story)?(?: (?:on|about|from|in) [^:.]{1,30})?\s?[:：»›→>]
    (?:read|see|watch|hear) (?:more|also|next)(?: (?:on|about|from|of|here|in)\b.{0,60})?\W*$
    you (?:may|might|will) (?:also )?(?:like|enjoy|be interested in)(?: this)?\s?[:：]
    (?:related|also|more)(?: (?:stor(?:y|ies)|articles?|links?|coverage|content|topics?|posts?|news|reading))?\s?[:：»›]
    (?:filed|tagged|posted|archived|published|listed) (?:under|to|in|as|with)\s?[:：]
    (?:topics?|tags?|categor(?:y|ies)|keywords?|labels?|sections?|subjects?|in this (?:article|story))\s?[:：]
    (?:lesen sie|lies|hören sie|sehen sie|lest) (?:auch|hier|mehr|dazu|außerdem|weiter)\b.{0,140}$
    (?:mehr (?:zum thema|dazu|lesen)|zum thema|weiterlesen|schlagworte?|themen)\s?[:：]
    (?:à lire|lire|à voir|voir|à écouter)(?: aussi| également)\b
    (?:sur le même sujet|mots?-clés?|thèmes?)\s?[:：]
    (?:lea|lee|leer|ver|vea|mira|te puede interesar)(?: también| además| más)?\s?[:：|]
    (?:más información|más noticias|etiquetas|temas|archivado en)\s?[:：]?\W*$
    (?:leia|veja|saiba|ouça)(?: também| mais| ainda)\b
    (?:leggi|guarda|vedi) (?:anche|di più)\b
    (?:lees|bekijk|luister) (?:ook|verder|hier|meer)\b
    (?:läs|les|læs|se) (?:också|även|mer|også|mere)\b
    (?:czytaj|zobacz|przeczytaj) (?:też|także|również|więcej)\b
    (?:читайте|смотрите|слушайте)(?: также| ещё| еще| подробнее)\b|читайте також
    【?(?:関連(?:記事|ニュース|リンク|する)|あわせて読み|こちらも|写真特集|動画)|【(?:関連|写真|動画|PR|図解|画像)
    (?:相关(?:阅读|新闻|报道|链接)|延伸阅读|推荐阅读|更多(?:新闻|阅读))|관련 ?(?:기사|뉴스)
    """
)
_PAGES = re.compile(r"^\W*(?:\d{1,3}\W{1,3}){2,}(?:\d{1,4}|next|weiter)?\W*$", re.IGNORECASE)
# A picture's credit at the end of what it shows.
_PHOTO_TAIL = re.compile(
    r"(?:^|[\s.(\[)\]”\"|–—-])(?:photo(?:graph|graphy|graphs|s)?|pictures?|pic|images?|foto(?:s|grafie|grafía)?|bild(?:er)?|"
    r"illustrations?|credits?|crédits?(?: photo)?|video(?: still)?|graphic|imagem|imagen|grafik|quelle|reproduction|zdjęcie|фото)"
    r"(?:(?: by| courtesy(?: of)?| credit| via)?\s?[:：/©]\s?|\s(?:by|courtesy(?: of)?)\s)[^.!?:]{2,60}[.)\]]?$"
    r"|(?:撮影|提供)[)）]?$|[=＝].{0,30}(?:撮影|提供|から)$",
    re.IGNORECASE,
)
# Words of the longest line that its last words make a caption. Origin: two long sentences.
CAPTION_WORDS = 60
# Characters at the start of a line in which remarks say what they are.
SAMPLE = 320
# Characters at the end of a line in which a picture's credit stands.
TAIL = 110


def is_remark(line: str) -> bool:
    """Return whether ``line`` is said to the reader or of the page, not in the article."""
    sample = _QUOTED.sub(" ", line[:SAMPLE])
    if _POINTER.search(sample) or _NOTE.search(sample) or _PAGES.search(line[:SAMPLE]):
        return True
    if _APPEAL.search(sample) or _OWN_TEXT.search(sample) or _LAW.search(sample):
        return True
    if not line.isascii() and (_APPEAL_EAST.search(sample) or _LAW_EAST.search(sample)):
        return True
    return has_photo_credit(line)


# Said to or by somebody, where the rest of an article speaks of others.
_ADDRESS = re.compile(
    r"\b(?:you|your|yours|yourself|(?-i:(?<=[\w,] )Ihnen|(?<=[\w,] )Ihre[nmrs]?)|dein\w*|euch|vous|votre|vos|tu|tus|usted|você|"
    r"vostr[oaie]|jouw?)\b",
    re.IGNORECASE,
)
# Said of an outlet by itself.
_SELF = re.compile(
    r"^(?:the )?[^.,]{2,50} (?:is|are|has been) (?:the|an?|our|your|one of|owned|run|written|edited|published|produced|financed|"
    r"funded|supported|paid)\b[^.]{0,100}\b(?:news agency|newspapers?|news site|news organi[sz]ation|magazine|broadcaster|station|"
    r"nonprofit|non-profit|tax-exempt|nonpartisan|listeners?|readers?|members|neighbours|neighbors|households|institution|"
    r"journal|publisher|outlet|newsroom|website|blog|community)\b"
    r"|^(?:the )?[^.,]{2,40} (?:is committed to|is dedicated to|aims to provide|brings you|believes in)\b"
    r"|^[^.]{2,60} (?:est|wird|ist|es|è|é) [^.]{0,60}(?:édité|herausgegeben|journal de|zeitung|editad|periódico|quotidiano)",
    re.IGNORECASE,
)


def addresses_reader(line: str) -> bool:
    """Return whether somebody says "you" in ``line``, outside quotation marks."""
    return bool(_ADDRESS.search(_QUOTED.sub(" ", line[:SAMPLE])))


def is_self_description(line: str) -> bool:
    """Return whether ``line`` says what an outlet is, as its last lines do of their own."""
    return bool(_SELF.search(line[:SAMPLE]))


def is_last_word(line: str) -> bool:
    """Return whether ``line`` says of the article or the site what stands below an article."""
    sample = _QUOTED.sub(" ", line[:SAMPLE])
    if _OWN_TEXT.search(sample) or _NOTE.search(sample) or _LAW.search(sample):
        return True
    return not line.isascii() and bool(_LAW_EAST.search(sample))


def has_photo_credit(line: str) -> bool:
    """Return whether ``line`` ends in the credit of a picture, as a caption does."""
    return len(line.split()) <= CAPTION_WORDS and bool(_PHOTO_TAIL.search(line[-TAIL:]))
