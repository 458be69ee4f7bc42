"""
Who borrows at the demo bank what is more than a 30-day loan now and then: how they earn, what they
ask for, and when they cannot pay. All of them are invented, and so are their businesses.

A loan is written off only when it is more than 360 days late, so the first of them come `EARLIER`
days before the demo bank's year. All days are counted back from today.
"""

from dataclasses import dataclass
from datetime import date

from branch.demo.people import Person, When

SALARIED, OWN, CASUAL = "PERMANENT", "SELF_EMPLOYED", "CASUAL"


@dataclass(frozen=True, slots=True)
class Ask:
    """
    A loan that somebody asks for, so many days ago: an amount in KES, for so many months. What it
    buys costs `price`, and a valuer finds `valuation`; `says` is a stated pay that is not theirs.
    """

    ago: int
    product: str
    amount: int
    months: int = 1
    price: int = 0
    valuation: int = 0
    says: int = 0

    @property
    def gets(self) -> str:
        """The thing that it buys."""
        return "HOME" if self.product == "MORT" else "VEHICLE"


@dataclass(frozen=True, slots=True)
class Borrower:
    """
    Somebody with `pay` KES a month, by their employer's business (SALARIED) or as they bring it in,
    of which they spend `spends` percent. From the first to the second day of each span of `broke`
    nothing comes in, and on the first of them all that is there goes out; `comes` is money beside
    the pay, by days ago.
    """

    name: str
    full_name: str
    joins: int
    pay: int
    earns: str = OWN
    tier: int = 1
    spends: int = 75
    payday: int = 26
    broke: tuple[tuple[int, int], ...] = ()
    comes: tuple[tuple[int, int], ...] = ()
    asks: tuple[Ask, ...] = ()

    @property
    def is_salaried(self) -> bool:
        return self.earns == SALARIED

    def earns_on(self, ago: int) -> bool:
        """They have work on that day."""
        return not any(last <= ago <= first for first, last in self.broke)


def _salaried(name, full_name, joins, pay, **more) -> Borrower:
    return Borrower(name, full_name, joins, pay, SALARIED, **{"spends": 50} | more)


BORROWERS = [
    # Paid by Savannah Motors.
    _salaried("lydia.wanza", "Lydia Wanza Mutiso", 423, 68_000, tier=2, asks=(
        Ask(300, "SALA", 60_000, 3), Ask(180, "SALA", 80_000, 4), Ask(45, "SALA", 70_000, 3),
    )),
    _salaried("brian.kiprono", "Brian Kiprono Sang", 422, 120_000, tier=3, asks=(
        Ask(320, "PERS", 300_000, 36), Ask(150, "ASST", 280_000, 36, price=400_000),
    )),
    _salaried("mercy.auma", "Mercy Auma Okoth", 422, 190_000, tier=3, spends=40, asks=(
        Ask(300, "MORT", 4_000_000, 240, price=5_000_000, valuation=4_900_000),
    )),
    _salaried("dennis.mumo", "Dennis Mumo Kioko", 421, 95_000, tier=3, broke=((76, 0),), asks=(
        Ask(280, "ASST", 600_000, 48, price=800_000),
    )),
    _salaried("esther.naliaka", "Esther Naliaka Simiyu", 420, 60_000, tier=2, asks=(
        Ask(270, "PERS", 90_000, 12),
    )),
    _salaried("samuel.lemayan", "Samuel Lemayan Saitoti", 420, 55_000, tier=2, broke=((178, 121),),
              asks=(Ask(320, "PERS", 90_000, 18),)),
    _salaried("agnes.nyaboke", "Agnes Nyaboke Ombati", 419, 72_000, tier=2, broke=((40, 0),), asks=(
        Ask(210, "SALA", 90_000, 4), Ask(75, "SALA", 60_000, 3),
    )),
    _salaried("kevin.odera", "Kevin Odera Onyach", 103, 50_000, tier=2, asks=(
        Ask(72, "SALA", 40_000, 2), Ask(60, "PERS", 50_000, 12),
    )),
    _salaried("winnie.jelagat", "Winnie Jelagat Kogo", 75, 58_000, tier=2, asks=(
        Ask(1, "PERS", 60_000, 24),
    )),
    # On their own.
    Borrower("rose.wambui", "Rose Wambui Gachanja", 424, 22_000, asks=(
        Ask(380, "EMER", 8_000, 2), Ask(300, "EMER", 9_000, 3), Ask(250, "EMER", 9_000, 3),
        Ask(200, "EMER", 10_000, 3), Ask(95, "EMER", 10_000, 2), Ask(20, "EMER", 10_000, 3),
    )),
    Borrower("yusuf.abdi", "Yusuf Abdi Warsame", 418, 18_000, broke=((217, 187), (36, 22)),
             comes=((186, 9_000), (21, 7_000)), asks=(
        Ask(226, "EMER", 6_000), Ask(130, "EMER", 6_000, 2), Ask(60, "DIGI30", 5_000),
    )),
    Borrower("tabitha.moraa", "Tabitha Moraa Nyangau", 300, 16_000, broke=((112, 0),), asks=(
        Ask(220, "EMER", 5_000, 2), Ask(131, "EMER", 7_000, 2),
    )),
    Borrower("victor.mutua", "Victor Mutua Kilonzo", 210, 20_000, CASUAL, asks=(
        Ask(160, "EMER", 8_000, 3), Ask(50, "DIGI30", 5_000),
    )),
    Borrower("collins.barasa", "Collins Barasa Wanyonyi", 260, 210_000, tier=3, asks=(
        Ask(160, "ASST", 1_200_000, 48, price=1_500_000),
        Ask(3, "MORT", 3_600_000, 180, price=4_500_000, valuation=4_400_000),
    )),
    Borrower("naomi.chemutai", "Naomi Chemutai Bor", 230, 110_000, tier=3, asks=(
        Ask(100, "MORT", 3_000_000, 240, price=3_500_000, valuation=3_400_000),
        Ask(1, "ASST", 250_000, 24, price=350_000),
    )),
    Borrower("peninah.akoth", "Peninah Akoth Owino", 110, 17_000, broke=((13, 0),), asks=(
        Ask(104, "EMER", 5_000, 2), Ask(39, "EMER", 6_000, 3),
    )),
    Borrower("gideon.lagat", "Gideon Lagat Tanui", 100, 19_000, broke=((36, 0),), asks=(
        Ask(57, "EMER", 8_000, 3),
    )),
    Borrower("salome.kerubo", "Salome Kerubo Mose", 90, 21_000, broke=((17, 0),), asks=(
        Ask(41, "EMER", 9_000, 3),
    )),
    # Who was not seen again. Long after, money comes to two of them.
    Borrower("oscar.njenga", "Oscar Njenga Kuria", 424, 30_000, broke=((421, 0),),
             comes=((423, 3_000), (10, 4_000)), asks=(Ask(423, "DIGI30", 10_000),)),
    Borrower("damaris.khisa", "Damaris Khisa Wafula", 424, 25_000, broke=((420, 0),),
             comes=((422, 5_000), (8, 20_000)), asks=(Ask(422, "EMER", 9_000),)),
    Borrower("jairus.muli", "Jairus Muli Nzioka", 424, 28_000, broke=((420, 0),),
             comes=((422, 5_000),), asks=(Ask(422, "EMER", 10_000, 2),)),
    # Of whom the rules of fraud say something.
    Borrower("moses.gichuru", "Moses Gichuru Macharia", 70, 20_000, asks=(
        Ask(67, "EMER", 9_000, 3, says=90_000),
    )),
    Borrower("ruth.jebet", "Ruth Jebet Kemboi", 33, 24_000, comes=((32, 6_000),), asks=(
        Ask(31, "EMER", 10_000, 3, says=75_000),
    )),
    Borrower("elijah.ndolo", "Elijah Ndolo Kyalo", 200, 21_000, asks=(Ask(1, "EMER", 7_000, 2),)),
    # Who direct the businesses below.
    Borrower("joseph.karanja", "Joseph Karanja Muigai", 424, 900_000, tier=3, spends=0),
    Borrower("beatrice.nduta", "Beatrice Nduta Waweru", 423, 40_000),
    Borrower("ciku.wangari", "Ciku Wangari Ndirangu", 423, 35_000),
    Borrower("ouko.anyango", "Ouko Anyango Odongo", 320, 30_000),
    Borrower("sylvia.makena", "Sylvia Makena Mutuma", 120, 45_000),
    Borrower("ezekiel.mutai", "Ezekiel Mutai Ruto", 170, 20_000),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Firm:
    """
    A business with one director. `opens` so many days ago; `told` is what it says of itself when it
    asks for a loan. On the first day of `broke` its money goes to a supplier.
    """

    director: str
    opens: int
    name: str
    number: int
    sector: str
    nature: str
    address: str
    broke: tuple[tuple[int, int], ...] = ()
    asks: tuple[Ask, ...] = ()
    told: dict | None = None

    @property
    def company(self) -> dict:
        """What it registers with."""
        return {
            "name": self.name,
            "registration_no": f"PVT-DEMO{self.number}",
            "kra_pin": f"P05190{self.number}K",
            "sector": self.sector,
            "nature": self.nature,
            "address": self.address,
        }


MOTORS, HOMES, SHOP = "Savannah Motors Ltd", "Baraka Homes Ltd", "Mama Ciku Wholesalers Ltd"
FIRMS = [
    Firm("joseph.karanja", 423, MOTORS, 5101, "TRANSPORT", "Sells vehicles", "Ngong Road 80"),
    Firm("beatrice.nduta", 422, HOMES, 5102, "CONSTRUCTION", "Builds homes", "Thika Road 12"),
    Firm("ciku.wangari", 422, SHOP, 5103, "TRADE", "Sells groceries", "Gikomba Market 7",
         asks=(Ask(380, "SMEW", 150_000, 6), Ask(170, "SMEW", 400_000, 12)),
         told={"sector": "TRADE", "evidence": "AUDITED", "turnover": 4_000_000, "ebitda": 900_000,
               "years_trading": 6, "largest_customer_percent": 15}),
    Firm("ouko.anyango", 318, "Ziwa Fresh Fish Ltd", 5104, "HOSPITALITY", "Sells and fries fish",
         "Kisumu Pier 3", broke=((84, 0),), asks=(Ask(260, "SMEW", 200_000, 12),),
         told={"sector": "HOSPITALITY", "evidence": "AUDITED", "turnover": 3_000_000,
               "ebitda": 700_000, "years_trading": 3, "largest_customer_percent": 20,
               "security": "GUARANTEE", "security_value": 250_000}),
    Firm("sylvia.makena", 118, "Nuru Softworks Ltd", 5105, "TECHNOLOGY", "Writes programs",
         "Westlands Road 40", asks=(Ask(1, "SMEW", 300_000, 12),),
         told={"sector": "ICT", "evidence": "AUDITED", "turnover": 5_000_000, "ebitda": 1_200_000,
               "years_trading": 5, "largest_customer_percent": 25}),
    Firm("ezekiel.mutai", 165, "Mlima Farms Ltd", 5106, "AGRICULTURE", "Grows maize by rain",
         "Kitale Road 9", asks=(Ask(120, "SMEW", 60_000, 12),),
         told={"sector": "AGRICULTURE_RAIN_FED", "evidence": "DECLARED", "turnover": 1_200_000,
               "ebitda": 200_000, "years_trading": 1, "largest_customer_percent": 80}),
]  # fmt: skip


def people() -> list[Person]:
    """This will give the borrowers as people of the bank."""
    return [
        Person(
            email=f"{who.name}@example.com",
            phone=f"+2547430{number:05}",
            full_name=who.full_name,
            national_id=f"{23_100_000 + number * 1_003}",
            date_of_birth=date(1978 + number % 18, 1 + number % 12, 1 + number % 28),
            joins=When(who.joins, f"08:{10 + number:02}"),
        )
        for number, who in enumerate(BORROWERS)
    ]


# Whose logins are printed, and what is to be seen there.
SHOWN = {
    "rose.wambui": "emergency loans paid and running; asked to put an instalment off",
    "gideon.lagat": "late; an offer to pay longer waits for a signature",
    "agnes.nyaboke": "a salary advance, late, with a promise in three parts",
    "mercy.auma": "a mortgage",
    "brian.kiprono": "a personal loan and a vehicle",
    "dennis.mumo": "a vehicle, late; a broken promise",
    "oscar.njenga": "written off, and some of it paid since",
    "winnie.jelagat": "asked yesterday; a person looks at it",
    "ciku.wangari": "Mama Ciku Wholesalers Ltd borrows on its turnover",
}


def shown() -> dict[Person, str]:
    """This will give the borrowers whose logins are printed, and what is to be seen there."""
    return {who: SHOWN[who.name] for who in people() if who.name in SHOWN}
