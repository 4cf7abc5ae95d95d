"""Writes schemas.json: schemas, values, and whether the jsonschema package calls each valid.

jsonschema 4.26.0, draft 2020-12. Run: python3 make_schemas.py > schemas.json
"""
import json
import random

from jsonschema import Draft202012Validator

random.seed(5)
NAMES = ["a", "b", "c"]


def schema(depth):
    kind = random.randrange(11 if depth else 6)
    if kind == 0:
        return {"type": random.choice(["null", "boolean", "integer", "number", "string"])}
    if kind == 1:
        return {"type": ["string", "null"], "minLength": random.randrange(3), "maxLength": 3}
    if kind == 2:
        return {"enum": random.sample([1, 1.5, "x", None, True, [1], {"a": 1}], 3)}
    if kind == 3:
        return {"type": "number", "minimum": -1, "exclusiveMaximum": random.choice([1, 2.5])}
    if kind == 4:
        return {"const": random.choice([0, "x", [], {}])}
    if kind == 5:
        return random.choice([True, {}, {"type": "integer", "maximum": 3, "exclusiveMinimum": 0}])
    if kind == 6:
        return {"type": "array", "items": schema(depth - 1), "minItems": random.randrange(2),
                "maxItems": 2, "uniqueItems": random.random() < 0.3}
    if kind in (7, 8):
        names = random.sample(NAMES, random.randrange(1, 4))
        return {"type": "object", "properties": {n: schema(depth - 1) for n in names},
                "required": random.sample(names, random.randrange(len(names) + 1)),
                "additionalProperties": random.choice([True, False, schema(depth - 1)])}
    if kind == 9:
        return {random.choice(["anyOf", "oneOf", "allOf"]): [schema(depth - 1) for _ in range(2)]}
    return {"$defs": {"t": schema(depth - 1)}, "type": "array",
            "items": {"$ref": "#/$defs/t"}}


def value(depth):
    kind = random.randrange(7 if depth else 5)
    if kind < 5:
        return random.choice([None, True, 0, 1, 2, -1, 1.5, 2.5, 3.0, "", "x", "xyz", "wxyz", "é"])
    if kind == 5:
        return [value(depth - 1) for _ in range(random.randrange(4))]
    return {n: value(depth - 1) for n in random.sample(NAMES, random.randrange(4))}


def top(depth):
    """References are from the root, so a schema with its own names must be the root."""
    while True:
        candidate = schema(depth)
        if "$ref" not in json.dumps(candidate) or "$defs" in candidate and \
                json.dumps(candidate).count("$defs") == 2:
            return candidate


def instance(of, depth):
    """A value that has a fair chance of being valid."""
    if isinstance(of, dict) and random.random() < 0.8:
        if of.get("type") == "object":
            return {n: instance(s, depth) for n, s in of["properties"].items()
                    if random.random() < 0.8}
        if of.get("type") == "array" and "$ref" not in of["items"] if isinstance(
                of.get("items"), dict) else False:
            return [instance(of["items"], depth) for _ in range(random.randrange(3))]
        if "enum" in of:
            return random.choice(of["enum"])
        if "const" in of:
            return of["const"]
    return value(depth)


cases = []
while len(cases) < 300:
    of = top(3)
    for _ in range(4):
        it = instance(of, 2)
        valid = Draft202012Validator(of).is_valid(it)
        if valid or random.random() < 0.7:
            cases.append({"schema": of, "value": it, "valid": valid})
print("[" + ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases) + "]")
