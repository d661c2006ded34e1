"""Words by which languages in Latin letters are told from English; written for this program.

Of each language the words that its sentences can hardly do without, in small letters. Those that English sentences,
names and tickers hold as well are `WEAK`: they count half, and never decide alone.
"""

from __future__ import annotations

_STRONG = {
    "es": """que pero muy esta este esto estoy están está porque por para como más también hasta desde cuando donde
        quiero tengo tiene tienen hacer hay todo todos todas nada algo siempre nunca gracias hola bueno buena buenos
        buenas mejor peor mucho mucha muchos ahora hoy mañana ayer sus nos les una unos unas los las del sobre entre
        ser fue han eso ese esa yo tú él ella ellos nosotros soy eres somos acciones mercado dinero precio comprar
        vender sube baja subiendo bajando creo puede pueden así aquí año años qué cómo encanta aplicación gusta vamos
        amigos gente vida""",
    "pt": """não você vocês muito muita muitos isso isto está estão estou também mais para pelo pela pelos uma umas dos
        nas nos ele ela eles elas eu meu minha seu sua são foi ser ter tem quando onde porque então agora hoje ontem
        amanhã obrigado obrigada bom boa melhor pior ações mercado dinheiro preço comprar vender gente quero fazer
        tudo nada sempre nunca já até é à ao aos às que aplicativo gosto adorei""",
    "fr": """je tu nous vous ils elles est-ce c'est j'ai n'est qu'il d'un d'une l'action suis êtes sont être avoir fait
        faire avec dans pour mais très bien aussi cette ces leur leurs notre votre mon ton mes tes ses une aux du
        qui que quoi dont où parce toujours jamais rien tout tous toutes merci bonjour aujourd'hui demain hier marché
        argent acheter vendre bourse hausse baisse beaucoup moins plus comme encore après avant chez peut
        était c'était ça cela celui entre depuis pendant""",
    "de": """ich du wir ihr sie nicht und oder aber auch noch nur sehr schon wenn weil dass das ist sind bin bist wird
        werden wurde haben habe hatte kann können muss müssen soll sollte mit für von vom zum zur auf aus bei nach
        über unter eine einen einem einer eines der dem kein keine mein meine dein deine sein seine unser diese dieser
        dieses heute morgen gestern immer mehr jetzt dann doch mal wie warum danke guten gut besser aktie aktien
        kaufen verkaufen geld kurs steigt fällt liebe""",
    "it": """che non sono sei siamo è così perché perche più anche molto molta molti della dello delle degli dei nella
        nelle con questo questa questi queste quello quella io noi voi loro mio mia tuo tua suo sua ho hai ha hanno
        fare fatto quando dove adesso oggi domani ieri grazie ciao bene meglio peggio sempre tutto tutti
        niente piace azioni mercato soldi prezzo comprare vendere bella bello bellissimo anch ancora gli uno una il""",
    "nl": """ik jij wij zij het een niet geen maar ook nog zeer heel wel als omdat dat deze dit zijn ben bent wordt
        worden heb heeft hebben kan kunnen moet moeten zal met voor van naar bij uit onder mijn jouw onze hun vandaag
        morgen gisteren altijd nooit meer nu dan toch waarom bedankt goed beter aandeel aandelen kopen verkopen geld
        koers stijgt daalt veel mooi deze""",
    "id": """yang dan dengan untuk tidak dari dalam akan pada juga saya aku kamu anda mereka kami kita adalah ada bisa
        sudah seperti karena lebih sangat banget bagus ini itu apa ya oleh tetapi tapi kalau jika hanya sekarang hari
        besok kemarin terima kasih selamat semua banyak orang saham pasar uang harga beli jual naik turun aplikasi suka
        belum bukan gak nggak enggak udah aja dong nih sih lagi bikin mau tahu""",
    "ms": """yang dengan untuk tidak tak dari dalam akan pada juga saya awak kamu anda mereka kami kita adalah boleh
        sudah dah seperti kerana lebih sangat bagus ini itu apa oleh tetapi kalau hanya sekarang hari esok semalam
        terima kasih semua banyak orang saham pasaran wang harga beli jual naik turun suka belum bukan nak lah""",
    "tl": """ang mga ng nang ako ikaw kayo kami tayo sila siya niya nila hindi ito iyon yung naman lang kasi kung dahil
        pero para sobra salamat talaga wala meron gusto ganda bakit paano ngayon bukas kahapon lahat maganda""",
    "vi": """không của và là được những các một người cho với này đó khi như cũng đã sẽ đang rất nhiều tôi bạn chúng
        ta mình nhưng nếu vì thì lại còn cổ phiếu giá mua bán tăng giảm tốt quá khong duoc nguoi nhung""",
    "tr": """bir ve bu için ile değil degil çok cok ama daha gibi kadar ben sen biz siz onlar var yok olan olarak oldu
        olur ne neden nasıl nasil bugün bugun yarın yarin dün şimdi simdi her hiç hic sonra önce teşekkürler tesekkurler
        hisse borsa para fiyat almak satmak yükseliş düşüş güzel guzel iyi kötü seviyorum uygulama mi mı mu mü""",
    "pl": """nie jest się sie na to że ze do jak ale czy tak bardzo tylko już juz jeszcze dla przez po od za są był była
        było będzie bedzie mam mamy masz mnie ciebie jego jej ich ten ta te tego kiedy gdzie dlaczego dzisiaj dziś
        jutro wczoraj zawsze nigdy dziękuję dziekuje dobrze lepiej akcje giełda pieniądze cena kupić sprzedać
        wzrost spadek świetna""",
    "sv": """och att det är inte jag du vi ni han hon som på av för till den ett har hade kan ska vill om från men
        också mycket bara här där när varför idag imorgon igår alltid aldrig tack bra bättre aktie aktier köpa sälja
        pengar kurs upp ner älskar""",
    "da": """og at det er ikke jeg du vi han hun som på af for til den en et har havde kan skal vil om fra men også
        meget kun her der når hvorfor idag altid aldrig tak godt bedre aktie aktier købe sælge penge kurs""",
    "no": """og det er ikke jeg du vi han hun som på av til den et har hadde kan skal vil om fra men også veldig bare
        her der når hvorfor dag alltid aldri takk bra bedre aksje aksjer kjøpe selge penger""",
    "fi": """ja on ei ole se että mutta myös kun niin minä sinä hän tämä joka mitä missä miksi nyt tänään huomenna
        eilen aina hyvä hyvin kiitos osake osakkeet ostaa myydä raha paljon enemmän olen ovat""",
    "ro": """și si nu este sunt că ca dar mai foarte pentru din cu la pe un o ai am are avem acest această aceasta când
        unde astăzi azi mâine ieri mulțumesc multumesc bine bun acțiuni bani preț cumpăra vinde""",
    "cs": """je to se na že ale jak také velmi jen už ještě pro od za jsou byl byla bylo bude mám máme mě tě jeho její
        ten ta tento kdy kde proč dnes zítra včera vždy nikdy děkuji dobře lépe akcie peníze cena koupit prodat""",
    "hu": """és az egy nem van hogy de is csak már még nagyon mint vagy ha mert én te mi ti ők ez itt ott mikor miért ma
        holnap tegnap mindig soha köszönöm jó jobb részvény pénz ár venni eladni""",
    "hi": """hai hain nahi nahin kya kyun kyon aur mein bhai bhi yeh woh kuch bahut accha acha theek kaise kab abhi aaj
        kal hum tum aap mera meri tera teri uska kar raha rahi rahe karo gaya gayi wala wali paisa lelo becho""",
}
# Also words, names or tickers in English, or short enough to be abbreviations there.
_WEAK = """
a aa abhi ada af ai al aldri algo als am ama an and ang ao aos apa app are as at att au aus aux av ay az ba baja bare
bei ben bhi bien bin biz blot bom bra bu bud bun but ca can cause cena ces che cho ciao com come comme como con cu da
dag dah dan das dat data de dei del dem den der des det di die din dit do donde dong dont dos du e ed ego ei ek el ele
ella ello em en encore entre er era es ese est esta este et eu ez fare fin for fra from fue gap gas gut ha hai hain
han har hari has hat have hay he heb heel her hey hier hill him ho hon hoy hum hun i ia ich idag if ik il in io is
it its itt ja je jen jog joy kal kan kar kasi kayo kurs la lah lang las last le les like lo los ma mais mal man mas
mau me mehr mein meme men mes met mi mia mit mm mo mon mu mus na nada nag nak nang nas ne nem ner net ng ni nie nih no
non nor nos not now nu nyt o od of oh ok ole om on one only or os ott pa par para pas pasar pay pe per plus po por
pour pro qui ran rata rest rot sa sale san se sea sed sei sein sen ser ses si sie sih sind so sobre soll som son sopra
sou sous sta sub sui sur sus ta tag tak te ten ter tes the ti til till tim to ton too tot toto tout tu tum tut un una
une uno up upp va vale van var ve vel vi via vil vis von wala wang was we wel who will with y ya yo you yung za zal ze
zum à é
"""
# Words that English sentences can hardly do without, and traders' English.
_ENGLISH = """
the and of to is are was were be been this that these those with for from have has had will would can could
should you your he she they them their we our us my it its it's i'm i'll i've don't doesn't didn't can't won't isn't
i a an at by about after before because but when what which who how why where there here just more most less than
then now today tomorrow yesterday not if or as so up down out over into on off all any some very much many good
great bad best new like love get got buy sell stock stocks market price shares short long calls puts hold buying
selling go going see think know make want need time day week year money people thank thanks please back still even
only again also too no yes do does did let let's let’s it’s i’m don’t
"""
ENGLISH = frozenset(_ENGLISH.split())


WEAK = frozenset(_WEAK.split()) | ENGLISH
BY_LANGUAGE = {code: frozenset(words.split()) for code, words in _STRONG.items()}
STRONG = frozenset[str]().union(*BY_LANGUAGE.values()) - WEAK
# Letters that English does without but in a few names.
_LETTERS = {
    "es": "ñáíóú¿¡",
    "pt": "ãõçâêô",
    "fr": "çèêàùœûîë",
    "de": "äöüß",
    "tr": "ğşıİçöü",
    "pl": "łąężźśćń",
    "sv": "åäö",
    "da": "øåæ",
    "no": "øåæ",
    "fi": "äö",
    "ro": "ăâîșțşţ",
    "cs": "řůěščžýá",
    "hu": "őűáéö",
    "it": "èàùòì",
    "vi": "ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹăâêô",
}
LETTERS = {code: frozenset(letters) for code, letters in _LETTERS.items()}
