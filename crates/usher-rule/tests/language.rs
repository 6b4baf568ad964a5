//! What is made from the language's declarations: the guide's reference pages, and the JSON schema for editors.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot read has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use usher_rule::document::Document;
use usher_rule::{lints, reference, schema};

#[path = "editor/as_json.rs"]
mod as_json;
use as_json::as_json;

fn guide(page: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide").join(page)
}

/// A stale page is written afresh, and fails the test once, so that somebody looks at what has changed.
fn is_fresh(page: &str, fresh: &str) {
    let path = guide(page);
    let is = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    if is != fresh {
        fs::write(&path, fresh).unwrap();
        panic!(
            "docs/guide/{page} was stale and has been written afresh. Look at the difference and run the tests again"
        );
    }
}

#[test]
fn the_reference_page_is_that_of_the_declarations() {
    is_fresh("reference.md", &reference::language());
}

#[test]
fn the_page_of_traps_is_that_of_the_lints() {
    is_fresh("traps.md", &reference::traps());
}

fn validator() -> jsonschema::Validator {
    jsonschema::validator_for(&schema::schema()).unwrap()
}

fn files(kind: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(kind);
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap())).collect()
}

#[test]
fn the_schema_accepts_what_the_loader_accepts() {
    let validator = validator();
    let mut looked_at = 0;
    let examples = lints::all().flat_map(|lint| [lint.bad, lint.good]);
    let examples = examples.map(|text| (text.to_owned(), text.to_owned())).chain(files("valid"));
    for (name, text) in examples {
        let file = as_json(&Document::parse(&text).root.unwrap());
        let errors: Vec<String> = validator.iter_errors(&file).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        looked_at += 1;
    }
    assert!(looked_at > 40, "only {looked_at} files were looked at");
}

#[test]
fn the_schema_accepts_names_in_any_case_and_nothing_where_there_may_be_nothing() {
    let validator = validator();
    let rule = |rule: Value| json!({ "rules": [rule] });
    for right in [
        rule(
            json!({ "locations": { "path": "/in", "system_exclude_files": null, "system_exclude_dirs": null }, "actions": ["trash"] }),
        ),
        rule(json!({ "locations": "/in", "subfolders": 1, "enabled": "Yes", "actions": ["trash"] })),
        rule(
            json!({ "locations": "/in", "filters": [{ "Name": "a*" }, "Empty", { "not SIZE": "> 1 MB" }], "actions": [{ "MOVE": "/out/" }] }),
        ),
        rule(
            json!({ "locations": "/in", "filters": [{ "Any": [{ "Regex": "a" }, "not Empty"] }], "actions": ["Trash", { "Echo": null }] }),
        ),
    ] {
        let loaded = usher_rule::load(Path::new("a"), &right.to_string());
        assert!(loaded.is_good(), "{right}: {:?}", loaded.diagnostics);
        let errors: Vec<String> = validator.iter_errors(&right).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{right}: {errors:?}");
    }
    for wrong in [
        rule(json!({ "locations": "/in", "actions": [{ "MOVE": { "to": "/out/" } }] })),
        rule(json!({ "locations": "/in", "subfolders": 2, "actions": ["trash"] })),
        rule(json!({ "locations": "/in", "filters": [{ "Neme": "a" }], "actions": ["trash"] })),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
        assert!(!usher_rule::load(Path::new("a"), &wrong.to_string()).is_good(), "{wrong}");
    }
}

/// Invalid files that are wrong in a way no schema sees: in what a text says, or in how parts of a rule go together.
const NOT_SEEN: &[&str] = &[
    "a_comparison_that_is_none",
    "a_regex_that_is_not_closed",
    "a_rule_for_files_that_have_gone_and_needs_one",
    "a_rule_without_locations_that_needs_a_file",
    "a_second_document",
    "a_simple_pattern_with_a_bad_field",
    "a_size_nobody_can_read",
    "a_template_that_is_not_closed",
    "a_time_zone_on_mars",
    "files_of_a_rule_for_both_have_an_extension_and_folders_have_none",
    "folders_have_no_extension",
    // Nothing counts as an empty list.
    "a_bare_tilde_is_nothing",
    "an_empty_group",
    "rules_that_are_none",
];

#[test]
fn the_schema_refuses_every_invalid_file_that_a_schema_can_refuse() {
    let validator = validator();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (path, text) in files("invalid") {
        // What is merely warned of is valid, and what is no YAML has nothing to look at.
        if usher_rule::load(Path::new("rules.yaml"), &text).is_good() {
            continue;
        }
        let Some(root) = Document::parse(&text).root else { continue };
        looked_at += 1;
        let name = Path::new(&path).file_stem().unwrap().to_string_lossy().into_owned();
        if validator.is_valid(&as_json(&root)) != NOT_SEEN.contains(&&*name) {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "seen or not against what is said: {wrong:?}");
    assert!(looked_at > 20, "only {looked_at} files were looked at");
}

/// Every filter and action with each of its parameters.
fn parameters(schema: &Value) -> Vec<(&'static str, String, String, Vec<String>)> {
    let mut found = Vec::new();
    for kind in ["filter", "action"] {
        for (name, way) in schema["$defs"][kind]["anyOf"][1]["properties"].as_object().unwrap() {
            for object in
                way["anyOf"].as_array().into_iter().flatten().filter(|way| way["properties"].is_object())
            {
                let required = object["required"].as_array().into_iter().flatten();
                let required: Vec<String> = required.map(|name| name.as_str().unwrap().to_owned()).collect();
                for param in object["properties"].as_object().unwrap().keys() {
                    found.push((kind, name.clone(), param.clone(), required.clone()));
                }
            }
        }
    }
    found
}

#[test]
fn the_schema_and_the_loader_agree_about_each_parameter() {
    let schema = schema::schema();
    let validator = validator();
    let mut differing = Vec::new();
    for (kind, name, param, required) in parameters(&schema) {
        for value in [
            json!(null),
            json!([]),
            json!({}),
            json!(true),
            json!(3),
            json!(1.5),
            json!("1"),
            json!("1.0"),
            json!(["1"]),
        ] {
            let mut params: serde_json::Map<String, Value> =
                required.iter().map(|name| (name.clone(), json!("1"))).collect();
            params.insert(param.clone(), value.clone());
            let item = json!({ name.clone(): params });
            let rule = match kind {
                "filter" => json!({ "locations": "/in", "filters": [item], "actions": ["trash"] }),
                _ => json!({ "locations": "/in", "actions": [item] }),
            };
            let file = json!({ "rules": [rule] });
            let loaded = usher_rule::load(Path::new("a"), &file.to_string());
            if loaded.is_good() && !validator.is_valid(&file) {
                differing.push(format!("{item} is read and not accepted"));
            }
            // What is a text may still be one that makes no sense, which a schema need not know.
            let wrong_type = loaded.diagnostics.iter().any(|said| said.code == "wrong_type");
            if wrong_type && validator.is_valid(&file) {
                differing.push(format!("{item} is accepted and not read"));
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

#[test]
fn the_schema_refuses_what_the_loader_refuses() {
    let validator = validator();
    let rule = |rule: Value| json!({ "rules": [rule] });
    for wrong in [
        json!({}),
        json!({ "rules": 3 }),
        rule(json!({ "locations": "/in" })),
        rule(json!({ "actions": ["trash"], "locatoins": "/in" })),
        rule(json!({ "actions": ["thrash"] })),
        rule(json!({ "actions": [{ "move": { "dest": "/out", "on_conflit": "skip" } }] })),
        rule(json!({ "actions": [{ "move": { "dest": "/out", "on_conflict": "sometimes" } }] })),
        rule(json!({ "actions": [{ "move": {} }] })),
        rule(json!({ "actions": ["move"] })),
        rule(json!({ "actions": [{ "move": "/out", "trash": null }] })),
        rule(json!({ "actions": ["trash"], "filters": [{ "not extention": "pdf" }] })),
        rule(json!({ "actions": ["trash"], "filters": [{ "any": [{ "nome": "x" }] }] })),
        rule(json!({ "actions": ["trash"], "settle": "soon" })),
        rule(json!({ "actions": ["trash"], "targets": "links" })),
    ] {
        assert!(!validator.is_valid(&wrong), "{wrong}");
        assert!(!usher_rule::load(Path::new("a"), &wrong.to_string()).is_good(), "{wrong}");
    }
}

#[test]
fn each_noun_of_a_guard_is_as_the_loader_has_it() {
    let validator = validator();
    let rule =
        |guard: &Value| json!({ "rules": [{ "while": guard, "locations": "/in", "actions": ["trash"] }] });
    let is_good = |file: &Value| usher_rule::load(Path::new("a"), &file.to_string()).is_good();
    for right in [
        json!({ "power": "ac", "network": "online" }),
        json!([{ "power": "ac", "network": "online" }, { "session": "locked" }]),
        json!({ "network": "online", "name": "Home", "volume": "mounted", "label": ["BACKUP", "KEEP*"] }),
        json!({ "volume": "mounted", "network": "no" }),
        json!({ "volume": "mounted", "network": false, "removable": "yes", "power": "ac" }),
        json!({ "volume": "mounted", "network": "offline" }),
        json!({ "network": ["online", "connected"], "kind": "vpn", "display": "connected", "count": 2 }),
        json!({ "session": ["locked", "unlocked"], "idle": "10m" }),
        json!({ "idle": "back", "after": "5m", "battery": { "below": 20 } }),
        json!({ "usb": "attached", "vendor": "04a9", "name": "Camera", "display": "connected" }),
    ] {
        let file = rule(&right);
        assert!(is_good(&file), "{right}");
        assert!(validator.is_valid(&file), "{right}");
    }
    for wrong in [
        json!({}),
        json!("power"),
        json!({ "label": "BACKUP" }),
        json!({ "power": "ac", "network": "sometimes" }),
        json!({ "power": "steam", "network": "online" }),
        json!({ "power": "ac", "network": "yes" }),
        json!({ "network": "no" }),
        json!({ "volume": "there", "network": "no" }),
        json!({ "volume": "mounted", "network": "no", "name": "Home" }),
        json!({ "volume": "mounted", "network": "no", "kind": "vpn" }),
        json!({ "volume": "mounted", "removable": "perhaps", "power": "ac" }),
        json!({ "power": "ac", "label": "BACKUP" }),
        json!({ "power": "ac", "battery": 20 }),
        json!({ "power": "ac", "battery": { "belw": 20 } }),
        json!({ "power": "ac", "session": "suspend" }),
        json!({ "session": "suspend" }),
        json!({ "power": "ac", "network": "online", "kind": "cable" }),
        json!({ "power": "ac", "display": "connected", "count": "many" }),
        json!({ "power": "ac", "idle": "soon" }),
        json!({ "power": "ac", "schedule": "* * * * *" }),
        json!({ "power": "ac", "started": null }),
        json!({ "power": "ac", "network": "online", "foo": 1 }),
    ] {
        let file = rule(&wrong);
        assert!(!is_good(&file), "{wrong}");
        assert!(!validator.is_valid(&file), "{wrong}");
    }
}

#[test]
fn every_key_of_the_language_is_described() {
    fn look(node: &Value, at: &str) {
        if let Some(properties) = node.get("properties").and_then(Value::as_object) {
            for (name, property) in properties {
                let text = property.get("description").and_then(Value::as_str).unwrap_or("");
                assert!(text.len() > 5 || at == "/$defs", "{at}/{name} is not described");
            }
        }
        match node {
            Value::Object(map) => map.iter().for_each(|(key, value)| look(value, &format!("{at}/{key}"))),
            Value::Array(list) => list.iter().for_each(|value| look(value, at)),
            _ => {}
        }
    }
    look(&schema::schema()["$defs"], "/$defs");
}

#[test]
fn the_schema_says_what_is_published_for_templates_and_where_they_may_stand() {
    let schema = schema::schema();
    let parts = |kind: &str| schema["$defs"][kind]["anyOf"][1]["properties"].clone();
    assert_eq!(parts("filter")["extension"]["x-variables"], json!(["extension"]));
    assert_eq!(parts("filter")["empty"]["x-variables"], Value::Null);
    assert_eq!(parts("action")["move"]["anyOf"][0]["$ref"], "#/$defs/template");
    let triggers = schema["$defs"]["trigger"]["anyOf"].as_array().unwrap();
    let drive = triggers.iter().find(|trigger| trigger["required"] == json!(["volume"])).unwrap();
    assert!(drive["x-variables"].as_array().unwrap().contains(&json!("volume.label")), "{drive}");
}
