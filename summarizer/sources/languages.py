"""A cheap guess at a text's language, by its script and its commonest small words.

It is used to know whether a line reads like prose (prose is a third small words, a menu
has none) and to name the language in the report. It need not tell Norwegian from Danish.
"""
# ruff: noqa: RUF001 (letters of other scripts are meant)

from __future__ import annotations

import re
from collections import Counter

_STOP_WORDS_BY_LANGUAGE = {
    "en": "the of and to in a is that for it on was with as are be by at from this have has he "
    "his but not they she her an which or who had were will said their its been would there "
    "more when if one about can all so what up out than into after we you i no do your my our",
    "de": "der die das und in zu den von mit ist auf für nicht im ein eine dem sich des auch es "
    "an als sie nach er wird bei aus dass war hat wie einer um noch sind über zum zur so haben "
    "nur oder aber vor bis mehr durch man sein wurde werden einen einem kann wir ich ihr",
    "fr": "de la le et les des en un une du que est pour dans qui par sur au pas plus ne se ce "
    "il sont avec ses aux son cette été mais ou nous comme leur elle on était ont ces vous je y "
    "d l s n qu c a à",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus "
    "le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien "
    "desde todo nos durante es fue ha son está",
    "pt": "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele "
    "das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem "
    "mesmo aos foi é são está você num ser tem",
    "it": "di e il la che in un a per è una non sono con del si da le i al dei come più ma della "
    "nel lo ha gli alla ci anche o delle ai su se questo dal nella quando chi tra era hanno cui "
    "l d essere stato io",
    "nl": "de het een en van in is dat op te zijn voor met die niet aan er om ook als maar dan "
    "bij nog uit door naar over heeft worden werd hij ze wordt deze tot zich meer was had hun of "
    "je we kan geen",
    "sv": "och i att det som en på är av för med till den har inte om ett han men var jag sig "
    "från vi så kan när år säger hon under också efter eller nu där vid mot ska skulle",
    "da": "og i at det er en til på som den af de for ikke der med har et han var om men vi jeg "
    "sig fra så kan når år siger hun også efter eller nu hvor ved mod skal ville blev",
    "pl": "w i na z się do nie że to jest o jak po co za od tak ale przez dla są czy jego oraz "
    "ma już tylko przed także tym być był która który które ich było",
    "cs": "a se v na je že o s z do i to ve pro za by ale jako po od jsou byl si podle jeho které "
    "který jen až nebo bude také aby mezi už při",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi en ne kadar sonra var ise değil o "
    "her ancak göre tarafından ya mi olduğunu dedi oldu",
    "id": "yang dan di ini dengan untuk itu dari tidak dalam pada akan juga ke karena oleh saya "
    "ada kata adalah sudah bisa mereka tersebut telah atau",
    "ro": "de și în a la care cu nu pe din o un să se pentru că este mai au fost ca sunt dar lui "
    "prin sau după al ale",
    "hu": "a az és hogy nem is egy meg ez azt volt csak de már még mint vagy kell el van ki majd "
    "lesz szerint",
    "vi": "và của là có trong được cho không với các một những đã này người khi để từ đến về ra "
    "cũng như",
    "ru": "и в не на что с он как по это из но а о за от к для его так то бы все было у же был "
    "или мы только она при до также были после во быть",
    "uk": "і в не на що з як це до за та у але про від для його й він був його які також після "
    "або було бути вже так під час який",
}
STOP_WORDS = {name: frozenset(words.split()) for name, words in _STOP_WORDS_BY_LANGUAGE.items()}

# Scripts that settle the language alone. Where one script serves several languages the
# most written one is named.
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_WORD = re.compile(r"[^\W\d_]+")

# Characters looked at. Origin: a guess from 20,000 did not differ on the development pages.
SAMPLE = 20_000
# Share of characters in one script that settles the language. Origin: Japanese news is
# about half kana; a menu in another script on a Latin page stays under a tenth.
SCRIPT_SHARE = 0.15
# Share of words that must be stop words of the best language. Origin: prose lies above .25
# in every language listed, text of a language not listed below .10.
STOP_WORD_SHARE = 0.12


def guess_language(text: str) -> str | None:
    """Return the two-letter code of the language ``text`` is most likely in, or None."""
    sample = text[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return None
    for name, script in _SCRIPTS:
        if not sample.isascii() and len(script.findall(sample)) > SCRIPT_SHARE * letters:
            return name
    words = Counter(_WORD.findall(sample.lower()))
    total = sum(words.values())
    shares = {
        name: sum(words[word] for word in stop_words) / total
        for name, stop_words in STOP_WORDS.items()
    }
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= STOP_WORD_SHARE else None
