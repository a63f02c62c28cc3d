"""What page furniture says: the words and shapes of menus, promos, captions and bios.

Every pattern is general to the web or to news, in several languages; none names a site.
They are applied to one short piece of a line, so none may need long to fail.
"""
# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

import re


def _phrases(text: str, *, whole: bool = False) -> re.Pattern[str]:
    """Return a pattern of the lines of ``text``, each an alternative."""
    body = "|".join(line.strip() for line in text.strip().splitlines())
    return re.compile(rf"^\W*(?:{body})\W*$" if whole else rf"(?<!\w)(?:{body})", re.IGNORECASE)


# A line that is nothing but this is a button, a label or the head of a section.
BUTTON = _phrases(
    r"""
    (?:share|tweet|email|e-mail|print|pin(?: it)?|save)(?: (?:this|on|via|to|with|by|the).{0,30})?
    (?:copy(?: link)?|link|like|follow(?: us)?|send|flip)(?: (?:this|on|via|to|with|by|the).{0,30})?
    (?:facebook|twitter|linkedin|pinterest|whatsapp|reddit|tumblr|telegram)(?: (?:icon|logo|share))?
    (?:instagram|youtube|google ?\+|snapchat|tiktok|flipboard|messenger)(?: (?:icon|logo|share))?
    (?:rss|pocket|mix|x|line|vk|bluesky|threads)(?: (?:icon|logo|share))?
    \d[\d.,k ]* ?(?:shares?|comments?|likes?|views?|retweets?|followers?|fans|min(?:ute)?s? read)
    (?:shares?|comments?|likes?|views?|replies|responses)(?: ?\(?\d+\)?)?
    (?:log|sign) ?(?:in|up|out|on)(?: .{0,30})?
    (?:this (?:audio|video|slideshow|widget|recording)|your browser) .{1,60}
    (?:listen|watch) to (?:this|the) (?:article|story|audio|video).{0,30}
    (?:subscribe|register|join|donate|support us|advertise)(?: (?:now|today|here|content|by))?
    (?:sponsored|promoted|advert|ad|ads|advertisement)(?: (?:now|today|here|content|by))?
    (?:advertising|publicidade|publicidad|publicité|anzeige)(?: (?:now|today|here|content|by))?
    (?:werbung|реклама|pubblicità)(?: (?:now|today|here|content|by))?
    (?:home|menu|search|close|more|next|prev(?:ious)?|back|back to top|top|skip to .{0,40})
    (?:show more|load more|see (?:all|more)|view all|read more|learn more|continue reading.{0,30})
    (?:expand|hide|cancel|submit|ok|accept|play|pause|mute|gallery|video|videos|photos?|print)
    (?:buy now|shop now|app store|google play|apple podcasts|spotify|one-off|monthly|reply)
    republish
    (?:contact|contact us|about|about us|careers|jobs|help|faq|feedback|site ?map|terms.{0,30})
    (?:privacy.{0,30}|cookies?.{0,20}|newsletters?|corrections|masthead|press|archives?|imprint)
    (?:impressum|datenschutz|agb|kontakt|mentions légales)
    (?:startseite|inicio|início|accueil|teilen|drucken|suche|buscar|rechercher|cerca|condividi)
    (?:article|story) content|(?:story|article) continues? (?:below|after).{0,20}
    (?:advertisement|ad) \d+|continue reading(?: below)?|loading\W*|updated at .{0,20}
    (?:compartilhar|compartir|partager|udostępnij|поделиться|поділитися|comente!?|imprimir)
    (?:kommentare|anmelden|mehr)
    (?:sections?|categories|tags|topics|trending|popular|latest|archives|pages|follow|blog|news)
    (?:world|sports?|business|politics|opinion|technology|entertainment|health|science|lifestyle)
    (?:travel|culture|video)
    """,
    whole=True,
)

# Starts a part of the page that is not the article; what follows it is suspect.
SECTION_HEAD = _phrases(
    r"""
    related(?: .{0,30})?:?
    most[ -](?:popular|read|viewed|shared|commented|recent|watched|discussed).{0,20}
    popular(?: .{0,30})?|trending(?: .{0,20})?
    you (?:may|might|will)(?: also)? (?:like|enjoy|be interested).{0,20}
    (?:read|see|watch) (?:also|next|more).{0,20}|also (?:read|see|on)\b.{0,40}
    more (?:from|on|about|in|stories|news|great|like)\b.{0,50}|recommended.{0,30}|recommends
    suggested.{0,20}
    latest(?: .{0,30})?|top stories.{0,20}|news ?feed|live feed
    editor[s'’]{0,2} (?:picks?|choice).{0,10}|must[ -]read.{0,30}|don['’]?t miss.{0,20}
    what to read next|read next|up next|from the web|around the web|from our partners.{0,20}
    in other news|other (?:news|stories).{0,20}|our latest stories|next article|previous article
    explore further
    \d* ?(?:comments?|thoughts? on|responses? to|replies)(?:\W.{0,90})?
    leave a (?:comment|reply).{0,20}|post (?:a )?comment.{0,10}
    join the (?:conversation|discussion).{0,20}|add a comment|comments? (?:are )?closed
    conversation.{0,10}|discussion
    about the authors?|about (?:the )?(?:writer|reporter)s?|(?:written|posted) by|author(?: bio)?s?
    meet the author|related tags
    (?:filed (?:to|under|in)|tags?|tagged|topics?|categories|related topics|keywords)\b.{0,20}
    (?:labels|in this article|this article is related to)\b.{0,20}
    artigos relacionados|leia (?:também|mais).{0,30}|veja também.{0,20}
    mais (?:lidas|notícias).{0,20}|você pode gostar.{0,10}|deixe .{0,20}coment.{0,10}|comentários
    lea también.{0,20}|te puede interesar.{0,20}|noticias relacionadas
    más (?:leídas?|noticias).{0,20}|comentarios|etiquetas
    lire aussi.{0,30}|à lire aussi.{0,20}|articles? (?:liés|similaires|connexes)|les plus lus
    commentaires|sur le même sujet|leggi anche.{0,30}|articoli correlati
    potrebbe interessarti.{0,20}|commenti|più letti
    weitere (?:artikel|beiträge|themen|nachrichten).{0,30}|mehr (?:zum thema|von|aus)\b.{0,30}
    meistgelesen.{0,10}|das könnte (?:sie|dich).{0,30}|lesen sie auch.{0,30}|kommentare
    über (?:den autor|die autorin)|themen|schlagwörter|lees ook.{0,30}|meest gelezen
    läs också.{0,20}|les også.{0,20}|czytaj (?:też|także|więcej).{0,20}|najczęściej czytane
    ilgili haberler|yorumlar
    читайте также.{0,20}|похожие (?:статьи|новости)|популярное|комментарии.{0,10}
    читайте також.{0,20}|новости по теме|最新.{0,6}
    相关(?:新闻|阅读|文章).{0,4}|热门.{0,6}|関連(?:記事|ニュース).{0,4}
    人気記事|ランキング|관련(?:기사|뉴스).{0,4}|많이 본 .{0,6}|주요뉴스|최신.{0,6}
    댓글.{0,6}
    """,
    whole=True,
)

# Stands above what readers say; what follows it is theirs.
COMMENTS = _phrases(
    r"""
    (?:\d[\d,.]* |all |reader |readers['’] |join |show |post a )?(?:comments?|replies)\b.{0,20}
    \d+ (?:responses?|thoughts?) (?:to|on)\b.{0,100}
    leave a (?:comment|reply).{0,20}
    (?:\d+ )?(?:kommentare?|leserkommentare|commentaires?|réactions|comentarios?|comentários?)
    (?:\d+ )?(?:commenti|reacties|kommentarer|komentarze|комментарии|коментарі|yorumlar)
    (?:コメント|评论|댓글).{0,8}
    """,
    whole=True,
)

# Stands between the paragraphs of an article as often as below it.
CALL = _phrases(
    r"""
    share(?: this)?(?: (?:article|story|post|page|on .{0,30}))?|sharing is caring.?|share this:?
    follow (?:us|me|the|on)\b.{0,30}|stay (?:connected|up to date|informed|tuned).{0,20}
    connect with us|social media.{0,10}|like this.{0,50}
    (?:sign up|subscribe|newsletters?|get the|get our|get more|join our|never miss).{0,60}
    support .{0,60}|poll|advertisement|promoted|sponsored(?: .{0,20})?
    """,
    whole=True,
)

# Said to the visitor, of the site: subscribing, signing in, paying, sharing, consenting.
PROMO = _phrases(
    r"""
    subscri(?:be|bing|ption)s?\b
    newsletters?\b
    sign(?:ing)? (?:up|in)\b
    log in\b
    e-?mail address
    your (?:in ?box|email|account|browser|device|password|privacy|subscription|consent)
    unsubscribe
    click (?:here|on|the|below|to)\b
    follow (?:us|me|him|her|them|@)
    (?:like|join|find) us on\b
    on (?:facebook|twitter|instagram|youtube|telegram)
    download (?:our|the) .{0,20}app
    (?:breaking news|email) alerts?
    read more\b
    (?:support|donate|donation|contribut).{0,30}(?:journalism|newsroom|us\b)
    (?:independent|quality|trusted) journalism
    free trial
    become a (?:member|subscriber|patron|supporter)
    membership
    exclusive (?:content|updates|benefits|offers)
    (?:we|site|website|page) uses? cookies
    affiliate
    (?:earn|receive|get) a (?:small )?(?:commission|share)
    all (?:the )?latest
    (?:tell us|let us know|share your) .{0,20}(?:think|thoughts|comments?)
    receba|assine|inscreva|cadastre|suscr[ií]b|registr[ae]te|inscrivez|abonne|abonn?ieren
    newsletter|iscriviti|abbonat|подпи[шс]|підпи[шс]
    zum newsletter|jetzt (?:lesen|anmelden|abonnieren)
    """
)
# Said by the lawyers.
LEGAL = _phrases(
    r"""
    ©
    all rights? reserved
    copyright
    (?:terms|conditions) (?:of|and|&)
    privacy (?:policy|notice|statement)
    cookies?\b
    personal (?:data|information)
    (?:registered )?trademark
    (?:may|must) not be (?:published|reproduced|copied|broadcast|distributed)
    user agreement
    unauthorized
    (?:comments?) .{0,60}(?:moderat|abus|offensive|guidelines|removed|deleted|obscen|profan|polic)
    (?:posts?) .{0,60}(?:moderat|abus|offensive|guidelines|removed|deleted|obscen|profan|polic)
    (?:users?) .{0,60}(?:moderat|abus|offensive|guidelines|removed|deleted|obscen|profan|polic)
    community (?:guidelines|standards|rules)
    todos os direitos|todos los derechos|tous droits|alle rechte
    tutti i diritti|все права|无断|版权
    無断転載|무단|저작권
    """
)
# Words under or in a picture's caption.
CAPTION = _phrases(
    r"""
    (?:photo|image|picture|illustration|graphic|video|foto)s?(?: (?:by|credit|courtesy|of))? ?[:|/©]
    (?:bild|imagem|imagen|crédit|credit|credits|courtesy)s?(?: (?:by|credit|courtesy|of))? ?[:|/©]
    (?:fotografia|photograph)s?(?: (?:by|credit|courtesy|of))? ?[:|/©]
    (?:photo|image|picture|photograph|illustration)s? (?:by|courtesy|credit)
    file photo|file pic|archivbild|archivfoto|stock (?:photo|image)
    getty ?images|shutterstock|istock(?:photo)?|unsplash|flickr|wikimedia|pixabay|alamy
    adobe ?stock|picture.alliance|epa-efe|ap photo|afp photo|ap images|imago
    (?:reuters|afp|ap|epa|dpa|getty|anadolu|tass|xinhua) ?/ ?\w
    / ?(?:reuters|afp|ap|epa|dpa|getty|tass|ap photo)\b
    submitted photo|handout|screenshot|screengrab|screen ?grab
    (?:pictured|seen|shown|poses?|gestures?|speaks?|walks?|looks? on) .{0,120}\b(?:19|20)\d\d\b
    (?:arrives?|attends?|shakes? hands|stands?|waves?) .{0,120}\b(?:19|20)\d\d\b
    credit\.\.\.
    """
)
# An agency or photographer in brackets that closes a short line: a caption's credit.
CAPTION_TAIL = re.compile(
    r"[a-z.)](?:Photo|Image|Picture|Photograph|Foto|Bild|Credit|Crédit)s?(?: by |: ?|\.\.\.)\S"
    r"|^(?:image|photo|picture) caption\b|[(\[](?:[^()\[\]]{0,60}(?:photo|image|picture|via|"
    r"getty|reuters|\bap\b|\bafp\b|\bepa\b|©|/|credit|courtesy|handout|file)[^()\[\]]{0,60}|"
    r"[\w-]+\.[a-z]{2,3})[)\]]?\s*$",
    re.IGNORECASE,
)
# What is said of the author, not of the story.
BIO = re.compile(
    r"\b(?:is|was|writes?|covers?|reports?|joined|works?|has (?:been|written|worked|covered|"
    r"reported))\b.{0,60}"
    r"\b(?:reporter|editor|writer|columnist|journalist|contributor|correspondent|author|"
    r"blogger|curator|"
    r"contributing|freelance|critic|news for|producer|founder|professor of journalism|"
    r"reporting on|staff)\b"
    r"|\b(?:reporter|editor|writer|columnist|journalist|correspondent) (?:at|for|with|based|"
    r"covering)\b"
    r"|\b(?:follow|reach|contact|email) (?:him|her|them|the reporters?)\b|"
    r"\bcan be reached (?:at|on)\b"
    r"|^(?:über|sobre|about|à propos de) \w+ \w+$",
    re.IGNORECASE,
)
BYLINE = re.compile(
    r"^\W*(?:(?:written |posted |reported |story )?by|von|por|par|di|door|av|af|autor|author|"
    r"przez|автор)\b[:\s]{1,3}\S.{1,80}$|^by$",
    re.IGNORECASE,
)
# A reference to another article, inside or after this one.
RELATED = re.compile(
    r"^\W*(?:related(?: post| story| article)?s?|more|also|see also|read(?: also| more|"
    r" next)?|watch(?: also)?|also (?:read|see|on)|"
    r"listen|don['’]t miss|go deeper|background|analysis|opinion|must read|recommended|"
    r"explore|leia (?:mais|também)|"
    r"lire aussi|à lire|lea también|leggi(?: anche)?|lesen sie(?: auch)?|mehr(?: zum thema)?|"
    r"lees ook|"
    r"читайте (?:также|також)|на тему|по теме)\s?[:|»>]"
    r"|^also on \S|[»›>]{1,3}\s*$|\bread (?:more|full|the full)\W*$|^\W*(?:next|"
    r"prev(?:ious)?)\W*(?:article|post|news|story)?\W{1,3}\S",
    re.IGNORECASE,
)
# The article's own last words about itself: credits and corrections, told apart elsewhere.
CREDIT_LINE = re.compile(
    r"^\W*(?:additional |with |edited |editing |written |compiled )?(?:reporting|reported|"
    r"writing|editing|edited|reportage|compiled) by\b"
    r"|\bcontributed (?:to|reporting)\b|^\W*source\W|^\W*with (?:files|agenc\w+|inputs?|"
    r"material|additional)\b"
    r"|^[\w/.,\s-]{0,30}\((?:[^()]{0,20}\b(?:afp|dpa|reuters|ap|upi|efe|ansa|apa|kna|epd|sid|"
    r"tass|interfax|pti|ani|ians|xinhua|kyodo|yonhap|aap|anp|belga|ntb|tt|ritzau|pap|čtk|"
    r"ukrinform)\b[^()]{0,20}){1,6}\)\.?$"
    r"|^\W*(?:afp|dpa|reuters|ap|upi|efe|ansa|pti|ani|ians)(?:\s?[/,]\s?(?:afp|dpa|reuters|"
    r"ap|upi|efe|ansa|pti|ani|ians))*\W*$",
    re.IGNORECASE,
)
CONTACT = re.compile(
    r"https?://|www\.|\b[\w.+-]{1,40}@[\w-]{1,40}\.\w|(?<!\w)@\w|\b\+?\d[\d\s()-]{8,20}\b"
)
SEPARATED = re.compile(r"\S\s?[|»›>•·→▸]\s?\S|\s/\s|\s{3,}")
# Words that stick together where a menu lost its spaces: "NewsSportWeather".
GLUED = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ][a-zà-ÿ]")


_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez|janv|févr|avr|juin|"
    r"juil|août|déc|"
    r"ene|abr|ago|dic|fev|set|out|gen|mag|giu|lug|ott|stycz|lut|kwi|maj|cze|lip|sie|wrz|paź|"
    r"lis|gru|"
    r"янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек|січ|лют|бер|кві|тра|чер|лип|сер|вер|"
    r"жов|лис|гру)"
)
DATE = re.compile(
    rf"\b{_MONTH}\w*\.?[\s,]{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{1,2}}(?:st|nd|rd|th|\.|"
    rf"º)?[\s,]{{1,3}}(?:de )?{_MONTH}\w*\b"
    r"|\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b|\b\d{4}년|\d{4}年|\b\d{1,2}[:.]\d\d\s?(?:am|pm|uhr|"
    r"gmt|utc|[ap]\.m\.)?\b"
    r"|\b\d+\s(?:min(?:ute)?s?|hours?|days?|weeks?|months?|years?|hrs?|h|d) ago\b|\b(?:ago|"
    r"vor) \d+",
    re.IGNORECASE,
)
CLOCK_ONLY = re.compile(
    r"^\W*\d{1,2}[:.]\d\d(?:\s?[ap]\.?m\.?)?(?:\s?[A-Z]{2,4})?\W*$", re.IGNORECASE
)
