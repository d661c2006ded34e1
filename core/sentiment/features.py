"""What the crowd model reads in a text: words, pairs of words, and runs of Chinese characters.

Fitting, scoring and explaining must see the same things, so all of them start from `fold`, `TOKEN` and `read_token`.
A text gives items, and an item gives features. A Latin token is an item ("surging"), whose features are itself and its
beginnings ("~surg", "~surgin"). Within three words of a negation it is another item, "¬surging". The pair with the
token before it ("now surging") is one, and so is every Chinese run of one to three characters, "¬看好" where it begins
within two characters of a negation; each of these is its own and only feature. Blanks inside Chinese do not count, and
a number inside it stands as one character, `0` or `%`, so that 增85% and 增3% are the same. How many tickers a text
names and how long it is are items as well. Names of platforms and companies are nothing: they are what is talked about.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

Counts = TypeVar("Counts", int, "NDArray[np.intp]")

# Characters that finance and everyday talk use most, traditional and simplified; written for this program.
_TRADITIONAL = (
    "漲買賣進點來說會個們這為對過時機場價錢賺虧損獲業績續盤開關閉門紅綠線長髮發財產經濟貨幣銀證監處罰訴訟質"
    "終籌資訂單簽約協議書報導導領頭龍馬鳥魚貓稅國際貿戰爭優惡壓調減漸歲歷紀錄韓劇樂愛戀親氣憤懼驚慌亂煩惱傷"
    "哀憂鬱悶壞爛騙詐欺貴賤賬債務負擔險護衛醫藥療養殘廢輸贏勝敗獎勵勸誘惑讚謝請問題難聽見覺學習師傅課讀寫畫圖"
    "電腦網絡絕結給統總結構組織緒繼縮縱橫橋樓樹權標準雲飛機車軍輕輛軟硬裝複雜雙離態讓認論評許設計詢該詳語誤誰"
    "誠實際隊階陽陰陸險隨雞雖霧靜響頁項順須預頓顯顧類願風飯飲餘館驗驟體鬥鬧魯鮮麥黃齊齒齡嚇嗎嘗噴圍園圓團塊塵"
    "墜壽夠夢夾奪奮婦媽嬰孫寧實寫寬寶專尋將屆屬島帥帳幫幹幾庫應廣廠異彈強後徑從復徵德悅懷戲擁擇擊據擠擬擴擺攝敗"
    "數斷於昇暈暫曆東極榮槍樣檔檢歡歐殺裡決沒沖況洩淚淨湯溫滅滿漢潤濃灣災無煙熱燈營狀獨獵現環瑪產畢疊癡盡眾睏礦碼"
    "確種穩窮競筆節範築簡糧紅級純紛細終組絲綁經維緊綜緣編練縣罷義聖聞聯職肅腳臉臨舉舊艙萬葉蒼蓋蘇蘭處號蟲術衝補製"
    "觀規視訊記訪註試話詞誌談調變豐貝貢販貪貧責貼費賈賓賞賠賴購贊趕跡踐躍軌載較輩輯農運違達適選遺遲邊還郵鄉醜釋針"
    "釣鈔鋒錯鍋鎖鎮鏡鐘鐵鑽閃閱闊隻雜靈頂頻題額顏飄餅騰驕鬆鬍鳳鳴鵝麗黨僅偉側億儀償儲兒兩凍別則剛創劃劑動勞勢勁協"
    "單參嚴喪嘆啟員嗚喚喬裏麼妳臺佔卻嘩"
)
_SIMPLIFIED = (
    "涨买卖进点来说会个们这为对过时机场价钱赚亏损获业绩续盘开关闭门红绿线长发发财产经济货币银证监处罚诉讼质"
    "终筹资订单签约协议书报导导领头龙马鸟鱼猫税国际贸战争优恶压调减渐岁历纪录韩剧乐爱恋亲气愤惧惊慌乱烦恼伤"
    "哀忧郁闷坏烂骗诈欺贵贱账债务负担险护卫医药疗养残废输赢胜败奖励劝诱惑赞谢请问题难听见觉学习师傅课读写画图"
    "电脑网络绝结给统总结构组织绪继缩纵横桥楼树权标准云飞机车军轻辆软硬装复杂双离态让认论评许设计询该详语误谁"
    "诚实际队阶阳阴陆险随鸡虽雾静响页项顺须预顿显顾类愿风饭饮余馆验骤体斗闹鲁鲜麦黄齐齿龄吓吗尝喷围园圆团块尘"
    "坠寿够梦夹夺奋妇妈婴孙宁实写宽宝专寻将届属岛帅帐帮干几库应广厂异弹强后径从复征德悦怀戏拥择击据挤拟扩摆摄败"
    "数断于升晕暂历东极荣枪样档检欢欧杀里决没冲况泄泪净汤温灭满汉润浓湾灾无烟热灯营状独猎现环玛产毕叠痴尽众困矿码"
    "确种稳穷竞笔节范筑简粮红级纯纷细终组丝绑经维紧综缘编练县罢义圣闻联职肃脚脸临举旧舱万叶苍盖苏兰处号虫术冲补制"
    "观规视讯记访注试话词志谈调变丰贝贡贩贪贫责贴费贾宾赏赔赖购赞赶迹践跃轨载较辈辑农运违达适选遗迟边还邮乡丑释针"
    "钓钞锋错锅锁镇镜钟铁钻闪阅阔只杂灵顶频题额颜飘饼腾骄松胡凤鸣鹅丽党仅伟侧亿仪偿储儿两冻别则刚创划剂动劳势劲协"
    "单参严丧叹启员呜唤乔里么你台占却哗"
)


class _Fold(dict[int, str]):
    """Maps a code point to the one character it is compared as; filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        for form in (unicodedata.normalize("NFKC", char), char):
            lower = form.lower()
            if len(lower) == 1 and not "\ud800" <= lower <= "\udfff":
                char = lower
                break
        self[code] = char
        return char


# What is talked about says nothing of what is said: platforms, apps and firms that sets talk of more or less kindly,
# and 难民, refugees, as those call themselves who move from one app to another.
_LATIN_NAMES = """
xiaohongshu rednote redbook xhs tiktok douyin weibo wechat bilibili lemon8 snapchat instagram facebook youtube twitter
reddit stocktwits robinhood webull discord telegram apple iphone tesla elon musk amazon google alphabet microsoft
netflix nvidia alibaba tencent baidu pinduoduo temu shein huawei xiaomi disney boeing walmart starbucks nike pfizer
moderna intel zoom uber lyft airbnb paypal shopify spotify zuckerberg bezos cramer tsla aapl amzn goog googl msft nflx
nvda baba
"""
LATIN_NAMES = frozenset(_LATIN_NAMES.split())
_HAN_NAMES = """
小红书 小地瓜 抖音 快手 微博 微信 哔哩哔哩 知乎 淘宝 京东 拼多多 美团 饿了么 百度 腾讯 阿里巴巴 阿里 华为 小米
苹果 特斯拉 马斯克 字节跳动 字节 茅台 比亚迪 宁德时代 中兴 格力 万科 推特 脸书 谷歌 亚马逊
难民
"""
_HAN_NAME = re.compile("|".join(_HAN_NAMES.split()))
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_MASK = "\ue000"  # for private use: stands in no text, or means nothing there


def _masked(found: re.Match[str]) -> str:
    return _MASK * len(found[0])


_FOLD = _Fold(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True))
_FOLD.update(zip(map(ord, "’‘“”。、−–—…İ"), "''\"\".,---.i", strict=True))
_FOLD.update(dict.fromkeys(map(ord, "\x85\u1680\u2028\u2029"), " "))  # blanks that NFKC leaves as they are


def fold(text: str) -> str:
    """Return the text as it is compared: lower case, simplified, half width, Chinese names masked.

    Never shorter or longer than `text`.
    """
    return text.lower() if text.isascii() else _NOT_ASCII.sub(_folded, text).lower()


def _folded(found: re.Match[str]) -> str:
    # Looking up what each character becomes takes long, and a name has two of them at least.
    run = found[0].translate(_FOLD)
    return run if len(run) == 1 else _HAN_NAME.sub(_masked, run)


HAN = "\u3400-\u9fff"
TOKEN = re.compile(
    rf"""https?://\S+|www\.\S+            # links
    |@[\w\-]+                             # accounts
    |\$[a-z][a-z\d]*(?:[.:_][a-z]+)*      # cashtags
    |\[[^\W_]{{1,8}}\]                    # Weibo's emoji: [心]
    |[{HAN}]+
    |{_MASK}+
    |[+\-]?[$€£¥]?\d[\d,.]*(?:%|[a-z]+)?  # +20%, $1,234.50, 155c
    |[^\W\d_{HAN}][^\W_{HAN}]*(?:'[a-z]+)?
    |[!?]+
    |[:;=]['\-]?[()dp/\\|](?![a-z\d])     # emoticons
    |&(?:amp|lt|gt|quot|nbsp|\#\d+);      # what some platforms leave of HTML
    |[.,;:]
    |[^\w\s"'()\#\-*/|\[\]{{}}<>&~^_=\u200d\ufe0f]  # emoji and other signs; blanks and brackets are skipped
    """,
    re.VERBOSE,
)
_NEGATIONS = """
not no never without cannot nor neither nobody nothing hardly barely aint dont doesnt didnt wont cant isnt
wasnt shouldnt wouldnt couldnt arent havent hasnt
"""
NEGATIONS = frozenset(_NEGATIONS.split())
_MARKET_WORDS = """
stock stocks share shares shareholder shareholders market markets earnings eps revenue revenues profit
profits sales dividend dividends quarter quarterly guidance forecast outlook analyst analysts upgrade
upgrades upgraded downgrade downgrades downgraded bull bulls bullish bear bears bearish calls puts long short
shorts shorting invest investor investors investing investment trader traders trading trade nasdaq dow ipo merger
acquisition acquires buyback bank banks fed oil crude gold bond bonds yield yields bitcoin btc crypto futures
rally rallies selloff billion million bln mln eur usd company plc corp inc ceo q1 q2 q3 q4 h1 h2 fy
"""
MARKET_WORDS = frozenset(_MARKET_WORDS.split())
HAN_NEGATIONS = "不没未别无莫勿非"
# Words with such a character that deny nothing: 非常 (very), 特别 (especially), 不断 (on and on).
_NOT_NEGATING = """
非常 特别 分别 级别 差别 类别 性别 识别 区别 个别 告别 离别 派别 鉴别 辨别 别人 别的 别墅 别致 别处 别样 别针 不断
不少 不仅 不但 不过 不止 不管 不愧 不久 不妨 不如 不同 不然 不料 不只 不光 不论 不禁 不由 不得 不知 不停 不住 不惜
不时 没准 没想 没收 没落 淹没 出没 沉没 埋没 未来 未免 无论 无比 无量 无线 无限 无数 无疑 无非 无穷 无锡 无人 无意
无奈 莫名 莫大 莫非 莫过 约莫 非洲 是非 除非 非得
"""
NOT_NEGATING = frozenset(_NOT_NEGATING.split())
DIRECTED = frozenset(["#+%", "#-%"])  # numbers that say where things go
BEGINNINGS = (4, 6)  # characters of a word that its forms may share
LONGEST_GRAM = 3  # Chinese characters
MOST_TICKERS = 4  # stand for more
SCOPE = 3  # a negation reaches this many tokens, or to the end of the clause
HAN_SCOPE = 2  # and in Chinese this many characters
NEGATED = "¬"  # stands before what a negation reaches
_NUMBER = re.compile(r"([+\-]?)([$€£¥]?)(\d[\d,.]*)(%|[a-z]+)?")
_MAGNITUDES = frozenset(["k", "m", "b", "t", "mn", "bn", "mln", "bln", "million", "billion"])
LINKS = ("http://", "https://", "www.")
_REPEAT = re.compile(r"(.)\1{2,}")


class Kind(IntEnum):
    """What a token is. Those below HAN count as words: they have weights and form pairs."""

    WORD = 0
    NUMBER = 1
    SIGN = 2  # emoji, exclamation marks
    CASHTAG = 3
    ACCOUNT = 4
    HAN = 5
    BREAK = 6  # ends a clause
    SKIP = 7  # links and names


class Token(NamedTuple):
    """What a token stands for in the model."""

    key: str
    kind: Kind
    negates: bool = False


def read_token(token: str) -> Token:  # noqa: PLR0911 (one kind after the other)
    """Say what a match of `TOKEN` in a folded text stands for."""
    first = token[0]
    if "\u3400" <= first <= "\u9fff":
        return Token(token, Kind.HAN)
    if first.isalpha() and not token.startswith(LINKS):
        if token in LATIN_NAMES:
            return Token("", Kind.SKIP)
        # Three alike leave at least two fewer kinds of letters than letters, which is told sooner.
        key = _REPEAT.sub(r"\1\1", token) if len(set(token)) < len(token) - 1 else token
        return Token(key, Kind.WORD, key in NEGATIONS or key.endswith("n't"))
    if first in ".,;:&" and (len(token) == 1 or first == "&"):
        return Token("", Kind.BREAK)
    if first == _MASK or token.startswith(LINKS):
        return Token("", Kind.SKIP)
    if first == "@" and len(token) > 1:
        return Token("@", Kind.ACCOUNT)
    if first == "$" and len(token) > 1 and token[1].isalpha():
        return Token("$t", Kind.CASHTAG)
    if found := _NUMBER.fullmatch(token):
        return Token(_number(*found.groups("")), Kind.NUMBER)
    if first in "!?":
        return Token(token if len(token) == 1 else first * 2 if len(set(token)) == 1 else "!?", Kind.SIGN)
    return Token(token, Kind.SIGN)


def is_market(key: str) -> bool:
    """Whether a Latin token's key marks a text as talk of markets rather than of anything else."""
    return key == "$t" or key in MARKET_WORDS or (key[:1] == "#" and key[-1] == "%")


def _number(sign: str, currency: str, digits: str, unit: str) -> str:
    """Return the class of a number: its sign, whether it is money, and its unit; never its size."""
    if not (sign or currency or unit) and re.fullmatch(r"(?:19|20)\d\d", digits):
        return "#year"
    return f"#{sign}{'$' if currency else ''}{'m' if unit in _MAGNITUDES else unit[:4]}"


def item_features(item: str) -> list[str]:
    """Return the features of an item: itself, and of a word what its forms share (surge, surged, surging)."""
    if len(item) > BEGINNINGS[0] and item[0].isalpha() and item[0] < "\u3400" and " " not in item:
        return [item, *[f"~{item[:length]}" for length in BEGINNINGS if len(item) > length]]
    return [item]


class Part(NamedTuple):
    """A place in the text, and the items that stand there. An item may stand over several places at once."""

    start: int
    end: int
    kind: Kind
    key: str
    items: tuple[str, ...]
    paired: str = ""  # the item made with the part before this one
    negated: bool = False  # which its first item then says
    negates: bool = False

    @property
    def features(self) -> list[str]:
        """The features of its items."""
        return [feature for item in self.items for feature in item_features(item)]


def parts(text: str) -> list[Part]:
    """Return the parts of a text in order. Chinese comes as one part a character, its longer n-grams not included."""
    found: list[Part] = []
    before = ""
    scope = 0
    in_han = False
    for match in TOKEN.finditer(fold(text)):
        key, kind, negates = _read(match[0])
        start, end = match.span()
        if kind == Kind.HAN or (in_han and kind == Kind.NUMBER):
            found += _han_parts(start, end, key, kind)
            in_han, before, scope = True, "", 0
            continue
        in_han = False
        if kind >= Kind.BREAK:
            found.append(Part(start, end, kind, "", ()))
            if kind == Kind.BREAK:
                scope = 0
            continue
        part = Part(start, end, kind, key, (key,), f"{before} {key}" if before else "", negates=negates)
        if kind == Kind.WORD and scope:
            part = _negated(part)
            scope -= 1
        if negates:
            scope = SCOPE
        found.append(part)
        before = key
    for first, last in han_runs(found):
        found[first:last] = _with_negations(found[first:last])
    return found


def _han_parts(start: int, end: int, key: str, kind: Kind) -> list[Part]:
    """Return a part a character, of which a number is one."""
    if kind == Kind.HAN:
        return [Part(start + i, start + i + 1, Kind.HAN, char, (char,)) for i, char in enumerate(key)]
    char = "%" if key.endswith("%") else "0"
    return [Part(start, end, Kind.HAN, char, (char, key) if key in DIRECTED else (char,))]


def _with_negations(run: list[Part]) -> list[Part]:
    """Return a Chinese run with the characters negated that a negation reaches."""
    text = "".join(part.key for part in run)
    made: list[Part] = []
    scope = 0
    for i, (part, char) in enumerate(zip(run, text, strict=True)):
        negates = char in HAN_NEGATIONS and NOT_NEGATING.isdisjoint([text[max(i - 1, 0) : i + 1], text[i : i + 2]])
        made.append((_negated(part) if scope else part)._replace(negates=negates))
        scope = HAN_SCOPE if negates else max(scope - 1, 0)
    return made


def _negated(part: Part) -> Part:
    return part._replace(items=(NEGATED + part.key, *part.items[1:]), negated=True)


_read = functools.lru_cache(maxsize=1 << 16)(read_token)


class Gram(NamedTuple):
    """Several Chinese characters without a break, [start, end) of the parts of a text, and their item."""

    start: int
    end: int
    item: str


def han_grams(found: Sequence[Part], first: int, last: int) -> list[Gram]:
    """Return every n-gram of two or more characters of the Chinese run [first, last) of the parts of a text."""
    run = "".join(part.key for part in found[first:last])
    starts = [NEGATED if part.negated else "" for part in found[first:last]]
    return [
        Gram(first + i, first + i + n, starts[i] + run[i : i + n])
        for n in range(2, LONGEST_GRAM + 1)
        for i in range(len(run) - n + 1)
    ]


def han_runs(found: Sequence[Part]) -> list[tuple[int, int]]:
    """Return the stretches [first, last) of parts that are Chinese without a break."""
    runs: list[tuple[int, int]] = []
    first = None
    for i, part in enumerate(found):
        if part.kind == Kind.HAN and first is None:
            first = i
        elif part.kind != Kind.HAN and first is not None:
            runs.append((first, i))
            first = None
    if first is not None:
        runs.append((first, len(found)))
    return runs


def size(latin: Counts, han: Counts) -> Counts:
    """Return how many features a text of so many tokens and Chinese characters has, near enough."""
    return 2 * latin + 3 * han


def counts(found: Sequence[Part]) -> tuple[int, int]:
    """Return how many tokens, and how many Chinese characters, the parts of a text are."""
    return sum(part.kind < Kind.HAN for part in found), sum(part.kind == Kind.HAN for part in found)


def length_item(latin: int, han: int) -> str:
    """Return the item for the length of a text of so many tokens and Chinese characters, in half octaves."""
    return length_name(((latin + han + 1) ** 2).bit_length(), chinese=han > latin)


def length_name(half_octaves: int, *, chinese: bool) -> str:
    """Return the item for a length."""
    return f"¶{'han' if chinese else 'words'}{half_octaves}"


def tickers_item(tickers: int) -> str:
    """Return the item for the number of tickers in a text."""
    return f"¶tickers{min(tickers, MOST_TICKERS)}"


def items(text: str) -> tuple[list[str], int]:
    """Return every item of a text, as often as it occurs, and the text's size."""
    return items_of(parts(text))


def items_of(found: Sequence[Part]) -> tuple[list[str], int]:
    """Return what `items` does, of the parts of a text."""
    every = [item for part in found for item in part.items]
    every += [part.paired for part in found if part.paired]
    for first, last in han_runs(found):
        every += [gram.item for gram in han_grams(found, first, last)]
    latin, han = counts(found)
    tickers = sum(part.kind == Kind.CASHTAG for part in found)
    return [*every, length_item(latin, han), tickers_item(tickers)], size(latin, han)


def features(text: str) -> tuple[list[str], int]:
    """Return every feature that stands at a place in a text, as often as it occurs, and the text's size."""
    every, how_long = items(text)
    return [feature for item in every[:-2] for feature in item_features(item)], how_long
