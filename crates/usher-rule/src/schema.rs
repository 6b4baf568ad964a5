//! The JSON schema of rule files, for editors: made from the declarations that the loader reads by.
//!
//! Two things in it go beyond what is valid: `template` is a text with placeholders, and `x-variables` is what something
//! publishes for them.

use serde_json::{Map, Value, json};

use crate::load::{Kind, LOCATION, Param, RULE, Spec, TEST};
use crate::{actions, filters, occasions};

/// The whole schema, in draft 2020-12.
pub fn schema() -> Value {
    let filters: Vec<&Spec> = filters::ALL.iter().map(|entry| entry.spec).collect();
    let actions: Vec<&Spec> = actions::ALL.iter().map(|entry| entry.spec).collect();
    let mut rule = object(&RULE);
    rule["required"] = json!(["actions"]);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Usher rules",
        "description": "What is done to which files. Any valid organize configuration is one of these too.",
        "type": "object",
        "required": ["rules"],
        "properties": { "rules": nested("rule") },
        "$defs": {
            "text": { "type": ["string", "number"] },
            "template": { "type": ["string", "number"] },
            "texts": {
                "anyOf": [
                    { "$ref": "#/$defs/text" },
                    { "type": "array", "items": { "$ref": "#/$defs/texts" } },
                    { "type": "null" },
                ],
            },
            "whole": { "type": ["integer", "string", "boolean"], "pattern": r"^\s*[+-]?\d+(\.0*)?\s*$" },
            "flag": {
                "anyOf": [
                    { "enum": [true, false, "yes", "no", "on", "off", "y", "n"] },
                    { "enum": [1, 0] },
                    { "type": "string", "pattern": any_case(&["true", "t", "yes", "y", "on", "1", "false", "f", "no", "n", "off", "0"]) },
                ],
            },
            "duration": {
                "anyOf": [
                    { "type": "number", "minimum": 0 },
                    { "type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(ms|s|m|h|d)?\s*$" },
                ],
            },
            "percent": { "type": ["integer", "string"], "pattern": r"^\s*\d+\s*%?\s*$" },
            "rule": rule,
            "rules": list_of("rule"),
            "location": { "anyOf": [{ "$ref": "#/$defs/text" }, object(&LOCATION)] },
            "locations": list_of("location"),
            "test": object(&TEST),
            "tests": list_of("test"),
            "filter": item("filter", &filters, true),
            "filters": list_of("filter"),
            "action": item("action", &actions, false),
            "actions": list_of("action"),
            "trigger": trigger(),
            "triggers": list_of("trigger"),
            "guard": guard(),
            "guards": list_of("guard"),
        },
    })
}

/// A mapping with the keys of a declaration.
fn object(spec: &Spec) -> Value {
    let properties: Map<String, Value> =
        spec.params.iter().map(|param| (param.name.to_owned(), property(spec, param))).collect();
    let required: Vec<&str> =
        spec.params.iter().filter(|param| param.default.is_none()).map(|param| param.name).collect();
    let mut object = json!({
        "type": "object",
        "description": spec.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    if let Some(others) = spec.others {
        object["additionalProperties"] =
            json!({ "type": ["string", "number", "null"], "description": others });
    }
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    object
}

fn property(spec: &Spec, param: &Param) -> Value {
    let mut property = shape(spec, param);
    if param.nothing {
        property = json!({ "anyOf": [property, { "type": "null" }] });
    }
    property["description"] = json!(param.doc);
    if let Some(default) = param.default.filter(|default| !default.is_empty() && *default != "null") {
        property["default"] = match param.kind {
            Kind::Flag => json!(default == "true"),
            Kind::Int | Kind::Count(_) => json!(default.parse::<i64>().unwrap_or(0)),
            _ => json!(default),
        };
    }
    property
}

fn shape(spec: &Spec, param: &Param) -> Value {
    match param.kind {
        Kind::Text => json!({ "$ref": "#/$defs/text" }),
        Kind::Template if param.filled => json!({ "$ref": "#/$defs/template", "minLength": 1 }),
        Kind::Template => json!({ "$ref": "#/$defs/template" }),
        Kind::Flag => json!({ "$ref": "#/$defs/flag" }),
        Kind::Int => json!({ "$ref": "#/$defs/whole" }),
        Kind::Count(least) => {
            json!({ "$ref": "#/$defs/whole", "minimum": least, "not": { "type": "boolean" } })
        }
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::Choices(words) => json!({
            "anyOf": [{ "enum": words }, { "type": "array", "items": { "enum": words } }],
        }),
        // What a name is compared with has to be there.
        Kind::Texts if spec.name == "name" => json!({
            "anyOf": [{ "$ref": "#/$defs/text" }, { "type": "array", "items": { "$ref": "#/$defs/texts" } }],
        }),
        Kind::Texts => json!({ "$ref": "#/$defs/texts" }),
        Kind::Duration => json!({ "$ref": "#/$defs/duration" }),
        Kind::Other => own_shape(spec.name, param.name),
    }
}

/// The shapes of parameters that their own code reads.
fn own_shape(of: &str, param: &str) -> Value {
    match (of, param) {
        ("rule", "targets") => json!({
            "anyOf": [
                { "enum": ["files", "dirs"] },
                { "type": "array", "items": { "enum": ["files", "dirs"] }, "minItems": 1 },
            ],
        }),
        ("rule", "locations") => nested("location"),
        ("rule", "filters") => nested("filter"),
        ("rule", "actions") => nested("action"),
        ("rule", "tests") => nested("test"),
        ("rule", "when") => nested("trigger"),
        ("rule", "while") => nested("guard"),
        ("battery", "battery") => json!({
            "type": "object",
            "properties": {
                "below": { "$ref": "#/$defs/percent", "description": "less than so many percent" },
                "above": { "$ref": "#/$defs/percent", "description": "more than so many percent" },
            },
            "additionalProperties": false,
            "minProperties": 1,
        }),
        ("idle", "idle") => json!({ "anyOf": [{ "const": "back" }, { "$ref": "#/$defs/duration" }] }),
        ("schedule", "schedule") => json!({
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": {
                        "every": { "$ref": "#/$defs/duration", "description": "every so often, counted from midnight" },
                    },
                    "required": ["every"],
                    "additionalProperties": false,
                },
                {
                    "type": "object",
                    "properties": {
                        "at": { "$ref": "#/$defs/texts", "description": "at a time of every day, or at a date with a time" },
                    },
                    "required": ["at"],
                    "additionalProperties": false,
                },
            ],
        }),
        ("exif", "filter_tags") => json!({
            "type": ["object", "null"],
            "additionalProperties": { "type": ["string", "number", "null"] },
        }),
        ("location", "max_depth") => {
            json!({ "anyOf": [{ "enum": ["inherit", null] }, { "$ref": "#/$defs/whole" }] })
        }
        _ => json!({}),
    }
}

/// One thing, or lists of them in lists.
fn nested(of: &str) -> Value {
    json!({ "anyOf": [{ "$ref": format!("#/$defs/{of}") }, { "$ref": format!("#/$defs/{of}s") }] })
}

/// The definition that [`nested`] refers to for lists; nothing counts as an empty one.
fn list_of(of: &str) -> Value {
    json!({ "type": ["array", "null"], "items": nested(of) })
}

/// What a rule waits for: a noun, alone or with its parameters beside it.
fn trigger() -> Value {
    let specs = || occasions::ALL.iter().map(|entry| entry.spec);
    let bare: Vec<&str> = specs().filter(|spec| requires_nothing(spec)).map(|spec| spec.name).collect();
    let mut ways = vec![json!({ "enum": bare })];
    ways.extend(specs().map(|spec| {
        let mut object = object(spec);
        object["required"] = json!([spec.name]);
        publishing(object, spec)
    }));
    json!({ "anyOf": ways })
}

/// What a rule wants to be so: one noun or several in one mapping, each with its own parameters.
fn guard() -> Value {
    let specs: Vec<&Spec> =
        occasions::ALL.iter().filter(|entry| entry.is_state).map(|entry| entry.spec).collect();
    let mut properties = Map::new();
    let mut beside = Map::new();
    for name in specs.iter().flat_map(|spec| spec.params).map(|param| param.name) {
        let takers: Vec<(&Spec, &Param)> =
            specs.iter().filter_map(|spec| Some((*spec, spec.param(name)?))).collect();
        let docs: Vec<&str> = takers.iter().map(|(_, param)| param.doc).collect();
        properties.insert(name.to_owned(), json!({ "description": docs.join("; ") }));
        // Where a key is a noun and another one's parameter too (`volume`'s `network`), its value says which.
        let way = |(spec, param): &(&Spec, &Param)| match spec.name == name {
            true => with_parameters(spec, &specs),
            false => asked(spec, param),
        };
        beside.insert(name.to_owned(), json!({ "anyOf": takers.iter().map(way).collect::<Vec<_>>() }));
    }
    json!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "dependentSchemas": beside,
        "anyOf": specs.iter().map(|spec| as_noun(spec)).collect::<Vec<_>>(),
    })
}

/// A mapping that asks about this noun.
fn as_noun(spec: &Spec) -> Value {
    let own = spec.param(spec.name).map_or(json!({ "description": spec.doc }), |param| guarded(spec, param));
    json!({ "required": [spec.name], "properties": { spec.name: own } })
}

/// The same with whatever else belongs to the noun; keys that are nouns themselves are looked at where they stand.
fn with_parameters(spec: &Spec, nouns: &[&Spec]) -> Value {
    let is_own = |param: &&Param| param.name == spec.name || nouns.iter().all(|noun| noun.name != param.name);
    let own: Map<String, Value> = spec
        .params
        .iter()
        .filter(is_own)
        .map(|param| (param.name.to_owned(), guarded(spec, param)))
        .collect();
    json!({ "properties": own })
}

/// A mapping that asks about this noun and has this parameter of it.
fn asked(spec: &Spec, param: &Param) -> Value {
    let mut asked = as_noun(spec);
    asked["properties"][param.name] = guarded(spec, param);
    asked
}

/// What a parameter takes after `while`.
fn guarded(spec: &Spec, param: &Param) -> Value {
    let lasting = Param { kind: Kind::Choices(occasions::LASTING), ..*param };
    let mut shape =
        shape(spec, if (spec.name, param.name) == ("session", "session") { &lasting } else { param });
    shape["description"] = json!(param.doc);
    shape
}

/// A filter or an action by its name: alone, or with a value or parameters behind it.
fn item(of: &str, specs: &[&'static Spec], negatable: bool) -> Value {
    let bare: Vec<&str> = specs.iter().filter(|spec| requires_nothing(spec)).map(|spec| spec.name).collect();
    let mut names: Vec<String> = bare.iter().map(|name| (*name).to_owned()).collect();
    let mut properties = Map::new();
    for spec in specs {
        let value = with_value(spec);
        if negatable {
            properties.insert(format!("not {}", spec.name), value.clone());
        }
        properties.insert(spec.name.to_owned(), value);
    }
    if negatable {
        names.extend(bare.iter().map(|name| format!("not {name}")));
        for mode in ["all", "any", "none"] {
            let mut group = list_of("filter");
            group["description"] = json!(format!("{mode} of these filters have to match"));
            properties.insert(format!("not {mode}"), group.clone());
            properties.insert(mode.to_owned(), group);
        }
    }
    // Names are read without regard to case. Editors offer the spelling of the reference, which comes first.
    let own_place = |name: &str| json!({ "$ref": format!("#/$defs/{of}/anyOf/1/properties/{name}") });
    let other_spellings: Map<String, Value> = properties
        .keys()
        .filter(|name| !name.starts_with("not "))
        .map(|name| {
            let pattern = any_case(&[name]);
            let pattern = if negatable { pattern.replacen('^', "^(not )?", 1) } else { pattern };
            (pattern, own_place(name))
        })
        .collect();
    let spelled = any_case(&bare);
    let spelled = if negatable { spelled.replacen('^', "^(not )?", 1) } else { spelled };
    json!({
        "anyOf": [
            { "anyOf": [{ "enum": names }, { "type": "string", "pattern": spelled }] },
            {
                "type": "object",
                "properties": properties,
                "patternProperties": other_spellings,
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1,
            },
        ],
    })
}

/// A pattern for one of these words in capitals or small letters. Patterns of a schema have no flags.
fn any_case(words: &[&str]) -> String {
    let spelled = |word: &&str| {
        let letter = |c: char| match c.is_ascii_alphabetic() {
            true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
            false => c.to_string(),
        };
        word.chars().map(letter).collect::<String>()
    };
    format!("^({})$", words.iter().map(spelled).collect::<Vec<_>>().join("|"))
}

fn requires_nothing(spec: &Spec) -> bool {
    spec.params.iter().all(|param| param.default.is_some())
}

/// What may stand behind a name: parameters, the one that needs no name, or nothing.
fn with_value(spec: &Spec) -> Value {
    let mut ways = vec![object(spec)];
    if let Some(param) = spec.positional.and_then(|name| spec.param(name)) {
        ways.insert(0, shape(spec, param));
    }
    if requires_nothing(spec) {
        ways.push(json!({ "type": "null" }));
    }
    publishing(json!({ "anyOf": ways, "description": spec.doc }), spec)
}

/// The same with what it publishes for templates.
fn publishing(mut part: Value, spec: &Spec) -> Value {
    if !spec.variables.is_empty() {
        part["x-variables"] = json!(spec.variables);
    }
    part
}
