"""Each parser against a small file of the published format, and against files meant to hurt."""

from datetime import date
from pathlib import Path

import pytest

from accounts.screening.facts import Birth, IdNumber, Kind, Name
from accounts.screening.loaders import ofac_csv, ofac_xml, own_csv, un_xml
from accounts.screening.loaders.parsed import Malformed, birth_of

DATA = Path(__file__).parent / "data"
YEAR_1973 = Birth(date(1973, 1, 1), date(1973, 12, 31))
BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE sdnList [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
 <!ENTITY lol4 "&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;&lol3;">
]>
<sdnList><sdnEntry><uid>1</uid><lastName>&lol4;</lastName></sdnEntry></sdnList>"""
THIEF = b"""<?xml version="1.0"?>
<!DOCTYPE sdnList [<!ENTITY file SYSTEM "file:///etc/passwd">]>
<sdnList><sdnEntry><uid>1</uid><lastName>&file;</lastName></sdnEntry></sdnList>"""
OUTSIDE_DTD = b"""<?xml version="1.0"?>
<!DOCTYPE CONSOLIDATED_LIST SYSTEM "http://bank.example/list.dtd">
<CONSOLIDATED_LIST dateGenerated="2026-11-19"/>"""


def read(name):
    return (DATA / name).read_bytes()


def faults(parse, *files):
    with pytest.raises(Malformed) as refused:
        parse(*files)
    return refused.value.faults


class TestOfacXml:
    def test_reads_everything_that_matching_needs(self):
        parsed = ofac_xml.parse(read("sdn.xml"))
        juma, company, ship, fatuma = parsed.entries

        assert parsed.published == date(2026, 11, 20)
        assert juma.uid == "90001"
        assert juma.names == (
            Name("Juma Bakari TESTAMENTI"), Name("Jumaa TESTAMENT"),
            Name("SIMBA KALI", is_weak=True),
        )  # fmt: skip
        assert juma.births == (Birth(date(1971, 3, 12), date(1971, 3, 12)), YEAR_1973)
        assert juma.nationalities == ("KE", "CD")
        assert juma.ids == (IdNumber("AK0012345", "KE", "Passport"),)
        assert (juma.gender, juma.programme) == ("M", "SDGT, SOMALIA")
        assert (juma.kind, company.kind, ship.kind) == (Kind.PERSON, Kind.ENTITY, Kind.OTHER)
        assert fatuma.births == (Birth(date(1968, 1, 1), date(1970, 12, 31)),)

    def test_reads_it_under_any_namespace_and_prefix(self):
        plain = read("sdn.xml").replace(
            b' xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML"',
            b"",
        )
        prefixed = b"""<n:sdnList xmlns:n="http://tempuri.org/sdnList.xsd"><n:publshInformation>
            <n:Publish_Date>11/20/2026</n:Publish_Date><n:Record_Count>1</n:Record_Count>
            </n:publshInformation><n:sdnEntry><n:uid>7</n:uid><n:lastName>MTU</n:lastName>
            <n:sdnType>Entity</n:sdnType></n:sdnEntry></n:sdnList>"""

        assert ofac_xml.parse(plain) == ofac_xml.parse(read("sdn.xml"))
        assert ofac_xml.parse(prefixed).entries[0].names == (Name("MTU"),)

    def test_names_the_line_of_an_entry_without_a_name(self):
        broken = read("sdn.xml").replace(b"<lastName>INVENTED TRADING LLC</lastName>", b"")

        assert faults(ofac_xml.parse, broken) == [
            "line 82: entry 90002 has no name in Latin letters"
        ]

    def test_refuses_a_file_that_was_cut_off(self):
        whole = read("sdn.xml")
        last = whole.rindex(b"<sdnEntry>")

        assert faults(ofac_xml.parse, whole[:last] + b"</sdnList>") == [
            "the file says 4 entries and has 3"
        ]
        assert "line" in faults(ofac_xml.parse, whole[:last])[0]

    def test_refuses_the_same_number_twice(self):
        twice = read("sdn.xml").replace(b"<uid>90004</uid>", b"<uid>90002</uid>")

        assert "entry 90002 stands on line 82 already" in faults(ofac_xml.parse, twice)[0]

    def test_refuses_a_file_that_does_not_say_when_it_was_published(self):
        without = read("sdn.xml").replace(b"11/20/2026", b"")

        assert "no Publish_Date or Record_Count" in faults(ofac_xml.parse, without)[0]

    @pytest.mark.parametrize("attack", [BOMB, THIEF], ids=["billion laughs", "external entity"])
    def test_refuses_a_document_type_before_anything_is_expanded(self, attack):
        assert "document type or entity" in faults(ofac_xml.parse, attack)[0]

    def test_refuses_nesting_without_end_and_other_documents(self):
        deep = b"<sdnList>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</sdnList>"

        assert "nested too deeply" in faults(ofac_xml.parse, deep)[0]
        assert faults(ofac_xml.parse, b"<html/>") == ["line 1: this is no sdnList"]
        assert "line 1" in faults(ofac_xml.parse, b"")[0]


class TestUnXml:
    def test_reads_everything_that_matching_needs(self):
        parsed = un_xml.parse(read("consolidated.xml"))
        muhammad, zawadi, company = parsed.entries

        assert parsed.published == date(2026, 11, 19)
        assert muhammad.names == (
            Name("MUHAMMAD HUSAYN KUBUNIWA"), Name("Mohamed Hussein Kubuni"),
            Name("Abu Uzushi", is_weak=True),
        )  # fmt: skip
        assert muhammad.births == (
            Birth(date(1980, 7, 4), date(1980, 7, 4)),
            Birth(date(1978, 1, 1), date(1982, 12, 31)),
            Birth(date(1979, 1, 1), date(1979, 12, 31)),
        )
        assert muhammad.nationalities == ("KE", "TZ")
        assert muhammad.ids == (IdNumber("21 990 077", "KE", "National Identification Number"),)
        assert (muhammad.gender, muhammad.programme) == ("M", "Al-Qaida QDi.900")
        assert muhammad.remarks == "Treasurer Invented for tests."
        # One child only, and a year although the date is called exact.
        assert zawadi.nationalities == ("CD",)
        assert not zawadi.births[0].is_exact
        assert company.kind == Kind.ENTITY
        assert company.names == (Name("MADE UP RELIEF FOUNDATION"), Name("Made Up Relief Trust"))

    def test_names_the_line_of_an_entry_without_a_number(self):
        broken = read("consolidated.xml").replace(b"<DATAID>6900002</DATAID>", b"")

        assert faults(un_xml.parse, broken) == ["line 67: no number of the entry"]

    def test_refuses_a_file_without_its_date_or_with_a_document_type(self):
        undated = read("consolidated.xml").replace(b"dateGenerated", b"made")

        assert faults(un_xml.parse, undated) == ["line 3: no dateGenerated"]
        assert "document type" in faults(un_xml.parse, OUTSIDE_DTD)[0]


class TestOfacCsv:
    FILES = ("sdn.csv", "add.csv", "alt.csv")

    def test_reads_the_same_people_as_the_xml(self):
        juma, company, ship, fatuma = ofac_csv.parse(*map(read, self.FILES)).entries

        assert juma.names == (
            Name("Juma Bakari TESTAMENTI"), Name("Jumaa TESTAMENT"),
            Name("SIMBA KALI", is_weak=True),
        )  # fmt: skip
        assert juma.births == (Birth(date(1971, 3, 12), date(1971, 3, 12)), YEAR_1973)
        assert juma.nationalities == ("KE", "CD")
        assert [(one.number, one.country) for one in juma.ids] == [
            ("AK0012345", "KE"),
            ("20991234", "KE"),
        ]
        assert (juma.gender, juma.programme) == ("M", "SDGT, SOMALIA")
        assert company.names == (Name("INVENTED TRADING LLC"), Name("INVENTED TRADERS, CO."))
        assert company.nationalities == ("KE",)
        assert (company.kind, ship.kind) == (Kind.ENTITY, Kind.OTHER)
        assert (fatuma.gender, fatuma.programme) == ("F", "SDNTK")

    def test_names_the_line_of_a_row_that_lacks_a_column(self):
        sdn = read("sdn.csv").replace(b'90002,"INVENTED TRADING LLC",-0- ,', b'90002,"INVENTED",')

        told = faults(ofac_csv.parse, sdn, read("add.csv"), read("alt.csv"))
        assert told[0] == "line 2: sdn.csv: 11 columns instead of 12"
        assert "line 2: add.csv: no entry 90002" in told

    def test_reads_letters_of_latin_1(self):
        sdn = '1,"PEÑA, José","individual","X",' + ",".join(["-0- "] * 8)

        add, alt = b"1,1,-0- ,-0- ,-0- ,-0- ", b'1,1,"aka","PENA",-0- '

        [jose] = ofac_csv.parse(sdn.encode("latin-1"), add, alt).entries

        assert jose.names[0] == Name("José PEÑA")

    @pytest.mark.parametrize("empty", [b"", b"\x1a", b"\r\n"])
    def test_refuses_it_without_its_addresses_or_aliases(self, empty):
        sdn, add, alt = map(read, self.FILES)

        assert faults(ofac_csv.parse, sdn, add, empty) == ["line 1: alt.csv is empty"]
        assert faults(ofac_csv.parse, sdn, empty, alt) == ["line 1: add.csv is empty"]


class TestOwnCsv:
    def test_reads_the_deny_list(self):
        baraka, company = own_csv.parse(read("deny.csv")).entries

        assert baraka.names == (
            Name("Baraka Tapeli Kimfano"), Name("Baraka Kimfano"), Name("Tapeli Kimfano"),
            Name("Bazu", is_weak=True),
        )  # fmt: skip
        assert baraka.ids == (IdNumber("31990055", "KE"),)
        assert baraka.gender == "M"
        assert company.kind == Kind.ENTITY

    def test_reads_politically_exposed_persons_with_their_offices(self):
        governor, secretary = own_csv.parse(read("pep.csv")).entries

        assert governor.left_office is None
        assert governor.programme == "Governor (invented for tests)"
        assert secretary.left_office == date(2024, 9, 15)
        assert governor.uid != secretary.uid
        assert governor == own_csv.parse(read("pep.csv")).entries[0]

    @pytest.mark.parametrize(
        ("row", "fault"),
        [
            ("Mtu Mmoja,1970-13-45,,", "line 2: 1970-13-45 is no date of birth"),
            ("Mtu Mmoja,born long ago,,", "line 2: born long ago is no date of birth"),
            ("Mtu Mmoja,,,yesterday", "line 2: yesterday is no day like 2026-11-21"),
            ("Mtu,,,,more", "line 2: more cells than columns"),
            (",1970,,", "has no name in Latin letters"),
            ("عمر,1970,,", "has no name in Latin letters"),
        ],
    )
    def test_names_the_line_of_what_it_cannot_read(self, row, fault):
        text = f"name,dob,position,to\n{row}\n"

        assert fault in faults(own_csv.parse, text.encode())[0]

    def test_refuses_columns_that_it_does_not_know(self):
        [unknown] = faults(own_csv.parse, b"name,iban\nA,1\n")
        assert unknown.startswith("line 1: we do not know the column “iban”. Columns may be ")
        assert "name, position" in unknown
        wanted = ["line 1: the column “name” is missing"]
        assert faults(own_csv.parse, b"") == faults(own_csv.parse, b"person,dob\nA,1\n") == wanted


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("12 Mar 1970", date(1970, 3, 12), date(1970, 3, 12)),
        ("12 March 1970", date(1970, 3, 12), date(1970, 3, 12)),
        ("1970-03-12", date(1970, 3, 12), date(1970, 3, 12)),
        ("1970-03-12T00:00:00-04:00", date(1970, 3, 12), date(1970, 3, 12)),
        ("Mar 1970", date(1970, 1, 1), date(1970, 12, 31)),
        ("circa 1970", date(1970, 1, 1), date(1970, 12, 31)),
        ("1972-1970", date(1970, 1, 1), date(1972, 12, 31)),
    ],
)
def test_dates_of_birth_as_lists_write_them(text, first, last):
    assert birth_of(text) == Birth(first, last)


def test_a_text_without_a_year_is_no_date_of_birth():
    assert birth_of("unknown") is None
