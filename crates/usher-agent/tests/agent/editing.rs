//! Rules written in the window: read, checked, tried, saved.

use std::fs;

use usher_agent::api::{Preview, PreviewRequest, Request, RuleSave, RuleText, Rules, TriggerEvent};

use crate::room::Room;

fn draft(room: &Room, filters: &str) -> String {
    let folder = |name: &str| room.path(name).display().to_string();
    format!(
        "rules:\n  - name: Tidy\n    locations: {}\n    filters:\n{filters}    actions:\n      - move: {}/\n",
        folder("in"),
        folder("out")
    )
}

#[test]
fn a_text_that_was_read_is_saved_unless_another_is_there_by_then() {
    let room = Room::new();
    let path = room.moving();
    let owner = room.for_one_command();
    let file = path.display().to_string();
    let read: RuleText = owner.call(&Request::RuleText { file: file.clone() }).unwrap();
    assert_eq!(read.text, fs::read_to_string(&path).unwrap());
    assert_eq!((read.rules[0].title.as_str(), read.problems.len()), ("Tidy", 0));
    let save = |text: &str, digest: &str| {
        let save = RuleSave { file: file.clone(), text: text.into(), digest: Some(digest.into()) };
        owner.call::<RuleText>(&Request::SaveRules(save))
    };
    let renamed = read.text.replace("Tidy", "Texts");
    let saved = save(&renamed, &read.digest).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), renamed);
    let rules: Rules = owner.call(&Request::Rules).unwrap();
    assert_eq!(rules.files[0].rules[0].title, "Texts", "it is in force at once");
    assert_eq!(rules.files[0].digest, saved.digest);
    assert_eq!(save("rules: []", &read.digest).unwrap_err().code, "changed");
    assert_eq!(fs::read_to_string(&path).unwrap(), renamed);
}

#[test]
fn no_other_file_is_read_or_written() {
    let room = Room::new();
    let secret = room.write("secret.yaml", "rules: []");
    let owner = room.for_one_command();
    for file in [secret.display().to_string(), room.dirs.settings.display().to_string()] {
        let save = RuleSave { file: file.clone(), text: "x".into(), digest: None };
        for request in [
            Request::RuleText { file: file.clone() },
            Request::CheckRules { file: file.clone(), text: "x".into() },
            Request::SaveRules(save),
        ] {
            assert_eq!(owner.ask(&request).unwrap_err().code, "refused", "{request:?}");
        }
    }
    assert_eq!(room.read("secret.yaml"), "rules: []");
}

#[test]
fn a_draft_is_told_its_mistakes_by_line_and_column() {
    let room = Room::new();
    let owner = room.for_one_command();
    let file = room.dirs.rules.join("new.yaml").display().to_string();
    let text = draft(&room, "      - extention: txt\n");
    let checked: RuleText = owner.call(&Request::CheckRules { file: file.clone(), text }).unwrap();
    let problem = &checked.problems[0];
    assert_eq!((problem.severity.as_str(), problem.line, problem.column), ("error", 5, 9), "{problem:#?}");
    assert!(!room.dirs.rules.join("new.yaml").exists(), "nothing is written for it");
}

#[test]
fn a_preview_says_what_goes_where_and_why_the_rest_stays_and_touches_nothing() {
    let room = Room::new();
    room.write("in/a.txt", "a");
    room.write("in/b.pdf", "b");
    let owner = room.for_one_command();
    let file = room.dirs.rules.join("new.yaml").display().to_string();
    let text = draft(&room, "      - extension: txt\n");
    let off = text.replace("- name: Tidy", "- name: Tidy\n    enabled: false");
    let ask = |request: PreviewRequest| owner.call::<Preview>(&Request::Preview(request)).unwrap();
    let preview = ask(PreviewRequest { file: file.clone(), text, ..PreviewRequest::default() });
    assert_eq!((preview.lines.len(), preview.done, preview.complete), (1, 1, true), "{preview:#?}");
    assert!(preview.lines[0].text.contains("a.txt"));
    assert_eq!(preview.passed_over.len(), 1);
    assert!(preview.passed_over[0].path.ends_with("b.pdf"));
    assert!(preview.passed_over[0].reason.contains("extension"), "{preview:#?}");
    assert_eq!(preview.passed_over[0].filters[0].outcome, "no_match");
    assert_eq!(room.read("in/a.txt"), "a");
    let all = ask(PreviewRequest { file: file.clone(), text: off.clone(), ..PreviewRequest::default() });
    assert_eq!((all.lines.len(), all.passed_over.len()), (0, 0), "it is switched off");
    let one = ask(PreviewRequest { file, text: off, rule: Some(0), ..PreviewRequest::default() });
    assert_eq!(one.lines.len(), 1, "the rule that is being written is tried, on or off");
}

#[test]
fn a_file_in_locations_that_overlap_is_told_once() {
    let room = Room::new();
    room.write("in/b.pdf", "b");
    let owner = room.for_one_command();
    let file = room.dirs.rules.join("new.yaml").display().to_string();
    let place = room.path("in").display().to_string();
    let text = format!(
        "rules:\n  - locations: ['{place}', '{place}']\n    filters:\n      - extension: txt\n    actions:\n      - echo: hi\n"
    );
    let request = PreviewRequest { file, text, ..PreviewRequest::default() };
    let preview: Preview = owner.call(&Request::Preview(request)).unwrap();
    assert_eq!((preview.passed_over.len(), preview.complete), (1, true), "{preview:#?}");
}

#[test]
fn a_preview_of_too_much_is_cut_short_and_says_so() {
    let room = Room::new();
    for nr in 0..5 {
        room.write(&format!("in/{nr}.pdf"), "x");
    }
    let owner = room.for_one_command();
    let file = room.dirs.rules.join("new.yaml").display().to_string();
    let text = draft(&room, "      - extension: txt\n");
    let request = PreviewRequest { file, text, limit: Some(3), ..PreviewRequest::default() };
    let preview: Preview = owner.call(&Request::Preview(request)).unwrap();
    assert_eq!((preview.passed_over.len(), preview.complete), (3, false));
}

#[test]
fn code_in_filters_is_not_run_for_a_preview_unless_somebody_says_so() {
    let room = Room::new();
    room.write("in/a.txt", "a");
    let owner = room.for_one_command();
    let file = room.dirs.rules.join("new.yaml").display().to_string();
    let text = draft(&room, "      - python: |\n          return False\n");
    let request = PreviewRequest { file, text, ..PreviewRequest::default() };
    let preview: Preview = owner.call(&Request::Preview(request)).unwrap();
    assert!(preview.has_code && preview.lines.is_empty() && preview.passed_over.is_empty());
}

#[test]
fn a_rule_that_waits_for_a_drive_is_tried_on_one_that_is_named() {
    let room = Room::new();
    let drive = room.write("drive/DCIM/a.txt", "a").parent().unwrap().parent().unwrap().to_path_buf();
    let text = format!(
        "rules:\n  - name: Import\n    enabled: false\n    when: {{ volume: mounted, label: EOS }}\n    \
         locations: '{{volume.path}}/DCIM'\n    actions:\n      - copy: {}/\n",
        room.path("out").display()
    );
    let file = room.dirs.rules.join("camera.yaml").display().to_string();
    let request = PreviewRequest { file, text, rule: Some(0), ..PreviewRequest::default() };
    let owner = room.for_one_command();
    let preview: Preview = owner.call(&Request::Preview(request.clone())).unwrap();
    assert_eq!((preview.needs_event.as_deref(), preview.lines.len()), (Some("volume"), 0));
    let details = [("path".to_owned(), drive.display().to_string())].into();
    let event = TriggerEvent::Machine { name: "volume.mounted".into(), details };
    let preview: Preview =
        owner.call(&Request::Preview(PreviewRequest { event: Some(event), ..request.clone() })).unwrap();
    assert_eq!(preview.needs_event, None);
    let texts: Vec<_> = preview.lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(texts, ["copy"], "{preview:#?}");
    assert!(!room.path("out").exists());
    let nonsense = TriggerEvent::Machine { name: "volume.eaten".into(), details: [].into() };
    let request = PreviewRequest { event: Some(nonsense), ..request };
    assert_eq!(owner.ask(&Request::Preview(request)).unwrap_err().code, "bad_params");
}
