"""
Contacts and what was promised stay as they were written; of cases, steps and promises only how they
go on changes; the terms take two persons.
"""

from django.db import migrations

from wekeza.kit import rights

ADDED = [
    "lending_casestep",
    "lending_collectionbucket",
    "lending_collectioncase",
    "lending_collectioncontact",
    "lending_collectionstep",
    "lending_collectionterm",
    "lending_loanpromise",
    "lending_promisepart",
]


class Migration(migrations.Migration):
    dependencies = [("lending", "0045_collections_seed")]
    operations = [
        rights.take(dict.fromkeys(ADDED, rights.ADD_ONLY)),
        rights.give(
            {
                "lending_casestep": "UPDATE (state, ended_at, updated_at)",
                "lending_collectioncase": (
                    "UPDATE (state, closed_date, taken_by, taken_at, updated_at)"
                ),
                "lending_loanpromise": "UPDATE (state, judged_date, told_at, updated_at)",
            }
        ),
        rights.takes_two("lending_collectionbucket", "terms.change"),
        rights.takes_two("lending_collectionstep", "terms.change"),
        rights.takes_two("lending_collectionterm", "terms.change"),
    ]
