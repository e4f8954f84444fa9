"""Entries: one YAML file a talk, and the series, people and site that they belong to.

The folder `seminars/` holds `site.yaml`, `people.yaml`, `series.yaml`, `<series>/<slug>.yaml` for
talks and meet-ups, `openings/<slug>.yaml`, and `projects.yaml` and `news.yaml` where there are any.
The file's name is the talk's address and never changes; the only date of a talk is its `start:`.
"""

import json

from pydantic.json_schema import models_json_schema

from rostra.sitegen.fields import Entry
from rostra.sitegen.meetup import Meetup
from rostra.sitegen.news import News
from rostra.sitegen.opening import Opening
from rostra.sitegen.person import Person
from rostra.sitegen.project import Project
from rostra.sitegen.series import Series
from rostra.sitegen.site import Site
from rostra.sitegen.talk import Talk

# files whose entries stand under their keys
KEYED = {"SeriesFile": "Series", "PeopleFile": "Person", "ProjectsFile": "Project"}


def schema() -> str:
    """Write the JSON schema that editors complete and check entries with.

    A talk or, with `repeat:`, a meet-up is at the top; `#/$defs/Site`, `SeriesFile`, `PeopleFile`,
    `ProjectsFile`, `NewsFile` and `Opening` are the other files.
    """
    kinds: tuple[type[Entry], ...] = (Talk, Meetup, Opening, Series, Person, Project, News, Site)
    _, found = models_json_schema([(kind, "validation") for kind in kinds])
    definitions = found["$defs"]
    for name, kind in KEYED.items():
        inner = {"$ref": f"#/$defs/{kind}"}
        definitions[name] = {"type": "object", "additionalProperties": inner}
    definitions["NewsFile"] = {"type": "array", "items": {"$ref": "#/$defs/News"}}
    top = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An entry of a Rostra seminar",
        "if": {"type": "object", "required": ["repeat"]},
        "then": {"$ref": "#/$defs/Meetup"},
        "else": {"$ref": "#/$defs/Talk"},
        "$defs": definitions,
    }
    return json.dumps(top, indent=2, ensure_ascii=False) + "\n"
