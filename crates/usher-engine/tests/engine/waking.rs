//! Rules that wait for something else than files, and rules that act only while something is so.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use usher_engine::{Clock, StepState, UndoWhat};
use usher_event::{
    Connection, ConnectionKind, Edge, Event, Moment, Network, Power, PowerSource, Reading, Session, Volume,
};
use usher_testkit::Stage;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

fn power(source: PowerSource) -> Reading {
    Reading::Power(Power { source, percent: Some(80) })
}

fn drives(stage: &Stage, names: &[&str]) -> Reading {
    let drive = |name: &&str| Volume {
        label: Some((*name).to_owned()),
        path: stage.home.path(format!("media/{name}")),
        ..Volume::default()
    };
    Reading::Volume(names.iter().map(drive).collect())
}

fn done(stage: &Stage) -> Vec<String> {
    stage
        .journal()
        .into_iter()
        .filter(|line| line.starts_with("Done") || line.starts_with("Irreversible"))
        .collect()
}

const IMPORT: &str = "
rules:
  - name: Import
    when: { volume: mounted, label: EOS* }
    locations: '{volume.path}/DCIM'
    subfolders: true
    filters: [extension: jpg]
    actions:
      - copy: '~/Pictures/{volume.label}/'
";

#[test]
fn a_drive_that_is_mounted_is_imported_once_and_the_run_can_be_taken_back() {
    let mut stage = Stage::new(IMPORT);
    stage.home.write("media/EOS_1/DCIM/100/a.jpg", "a");
    stage.home.write("media/EOS_1/DCIM/b.txt", "b");
    stage.home.write("media/OTHER/DCIM/c.jpg", "c");
    let before = stage.home.tree("media");
    stage.see(drives(&stage, &[]));
    stage.pass(MINUTE);
    stage.see(drives(&stage, &["EOS_1", "OTHER"]));
    stage.pass(MINUTE);
    assert_eq!(done(&stage), ["Done copy ~/media/EOS_1/DCIM/100/a.jpg -> ~/Pictures/EOS_1/a.jpg"]);
    let run = stage.engine.journal().run(1).unwrap().unwrap();
    assert_eq!(run.cause, "volume.mounted EOS_1");
    // It is still there: nothing new happens.
    stage.see(drives(&stage, &["OTHER", "EOS_1"]));
    stage.pass(MINUTE);
    assert_eq!(done(&stage).len(), 1);
    stage.engine.undo(&UndoWhat::Last, false).unwrap();
    assert!(!stage.home.path("Pictures/EOS_1/a.jpg").exists());
    assert_eq!(stage.home.tree("media"), before);
}

#[test]
fn a_run_that_an_event_has_set_off_can_be_ended_on_its_way() {
    let mut stage = Stage::new(IMPORT);
    (0..600).for_each(|nr| drop(stage.home.write(format!("media/EOS_1/DCIM/{nr}.jpg"), "x")));
    stage.see(drives(&stage, &[]));
    stage.pass(MINUTE);
    stage.see(drives(&stage, &["EOS_1"]));
    while stage.engine.journal().run_count() == 0 {
        stage.clock.advance(Duration::from_secs(1));
        stage.engine.advance().unwrap();
    }
    let woken = stage.engine.woken().unwrap();
    assert_eq!((woken.rule, woken.sweep.run_id()), ("Import", Some(1)));
    assert!(woken.sweep.subjects() > 0);
    assert!(woken.path.unwrap().starts_with(stage.home.path("media/EOS_1/DCIM")));
    assert!(!stage.engine.stop_woken(Some(7)).unwrap(), "that is another run");
    assert!(stage.engine.stop_woken(Some(1)).unwrap());
    assert!(!stage.engine.stop_woken(Some(1)).unwrap(), "it has ended");
    assert!(!stage.engine.stop_woken(None).unwrap() && stage.engine.woken().is_none());
    stage.pass(MINUTE);
    let copied = done(&stage).len();
    assert!(0 < copied && copied < 600, "{copied}");
    assert!(stage.engine.journal().run(1).unwrap().unwrap().ended.is_some());
}

#[test]
fn a_drive_that_is_there_when_usher_starts_is_no_event() {
    let mut stage = Stage::new(IMPORT);
    stage.home.write("media/EOS_1/DCIM/a.jpg", "a");
    stage.see(drives(&stage, &["EOS_1"]));
    stage.pass(MINUTE);
    assert_eq!(stage.journal(), [""; 0]);
}

#[test]
fn what_an_event_would_do_is_what_it_does() {
    let mut stage = Stage::new(IMPORT);
    for name in ["a", "b", "c"] {
        stage.home.write(format!("media/EOS_1/DCIM/{name}.jpg"), name);
    }
    let Reading::Volume(volumes) = drives(&stage, &["EOS_1"]) else { unreachable!() };
    let edge = Edge::VolumeMounted(volumes[0].clone());
    let woke = stage.engine.would_wake(&edge).unwrap();
    let simulation = stage.engine.simulation(stage.disk.clone());
    let planned: Vec<String> = simulation
        .simulate_woken(&woke, &mut |_, _| {})
        .lines
        .into_iter()
        .map(|line| String::from(line.text))
        .collect();
    assert_eq!(planned.len(), 3);
    stage.engine.wake(&edge);
    stage.pass(MINUTE);
    let told: Vec<String> = done(&stage).iter().map(|line| line.replacen("Done ", "", 1)).collect();
    assert_eq!(planned, told);
}

/// The names a rule says when an edge wakes it, and beforehand in a simulation.
fn said(stage: &mut Stage, edge: &Edge) -> Vec<String> {
    let woke = stage.engine.would_wake(edge).unwrap();
    let simulation = stage.engine.simulation(stage.disk.clone());
    let planned = simulation.simulate_woken(&woke, &mut |_, _| {}).lines;
    let before = stage.journal().len();
    stage.engine.wake(edge);
    stage.pass(MINUTE);
    let lines = stage.journal().split_off(before);
    assert_eq!(planned.len(), lines.len(), "{lines:?}");
    let mut names: Vec<String> = planned.into_iter().filter_map(|line| line.note.map(String::from)).collect();
    names.sort();
    names
}

#[test]
fn what_a_woken_rule_with_stop_has_had_is_kept_from_the_rules_woken_with_it_now_and_later() {
    let mut stage = Stage::new(
        "
rules:
  - { when: {power: ac}, locations: ~/in, filters: [size: '< 10b'], repeat: once, stop: yes, actions: [echo: kept] }
  - { when: {power: ac}, locations: ~/in, actions: [move: ~/out/] }
",
    );
    stage.home.write("in/a", "small");
    stage.home.write("in/b", "larger than that");
    for _ in 0..2 {
        let woke = stage
            .engine
            .would_wake(&Edge::PowerAc(Power { source: PowerSource::Ac, percent: None }))
            .unwrap();
        let planned = stage.engine.simulation(stage.disk.clone()).simulate_woken(&woke, &mut |_, _| {});
        let planned: Vec<String> =
            planned.lines.into_iter().map(|line| format!("Done {}", line.text)).collect();
        let before = stage.journal().len();
        stage.engine.wake(&Edge::PowerAc(Power { source: PowerSource::Ac, percent: None }));
        stage.pass(MINUTE);
        assert_eq!(stage.journal()[before..], planned);
        assert_eq!(
            (stage.home.list("in"), stage.home.list("out")),
            ("a".to_owned(), "b".to_owned()),
            "{:?}",
            stage.journal()
        );
    }
    stage.home.write("in/a", "larger by now");
    stage.engine.wake(&Edge::PowerAc(Power { source: PowerSource::Ac, percent: None }));
    stage.pass(MINUTE);
    assert_eq!(stage.home.list("in"), "");
}

#[test]
fn a_rule_that_an_event_wakes_goes_over_everything_unless_repeat_says_otherwise() {
    let edge = Edge::PowerAc(Power { source: PowerSource::Ac, percent: None });
    for (repeat, again, changed, replaced) in [
        ("", &["a", "b"][..], &["a", "b"][..], &["a", "b"][..]),
        ("repeat: once_per_version", &[], &["b"], &["b"]),
        ("repeat: every_change", &[], &["b"], &["b"]),
        ("repeat: once", &[], &[], &[]),
    ] {
        let mut stage = Stage::new(&format!(
            "rules:\n  - when: {{ power: ac }}\n    locations: ~/in\n    {repeat}\n    actions:\n      - echo: '{{path.name}}'\n"
        ));
        stage.home.write("in/a", "a");
        stage.home.write("in/b", "b");
        assert_eq!(said(&mut stage, &edge), ["a", "b"], "{repeat}");
        assert_eq!(said(&mut stage, &edge), again, "{repeat}: nothing has changed");
        stage.home.write("in/b", "another text");
        assert_eq!(said(&mut stage, &edge), changed, "{repeat}: one has changed");
        // As a drive has it that numbers its files anew: what counts is where a file lies and what it is like.
        let (path, stat) = (stage.home.path("in/a"), std::fs::metadata(stage.home.path("in/a")).unwrap());
        std::fs::rename(&path, stage.home.path("aside")).unwrap();
        std::fs::write(&path, "a").unwrap();
        std::fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(stat.modified().unwrap())
            .unwrap();
        std::fs::remove_file(stage.home.path("in/b")).unwrap();
        stage.home.write("in/b", "one more text");
        assert_eq!(said(&mut stage, &edge), replaced, "{repeat}: one is another file");
    }
}

#[test]
fn a_guard_holds_files_back_until_it_is_so() {
    let mut stage =
        Stage::new("rules: [{ locations: ~/in, while: { power: ac }, actions: [{ move: ~/out/ }] }]");
    stage.drop_file("in/a.txt", "a");
    stage.settle();
    assert_eq!(stage.journal(), [""; 0], "nobody knows yet");
    stage.see(power(PowerSource::Battery));
    stage.settle();
    assert_eq!(stage.journal(), [""; 0]);
    stage.see(power(PowerSource::Ac));
    stage.settle();
    assert_eq!(done(&stage), ["Done move ~/in/a.txt -> ~/out/a.txt"]);
}

#[test]
fn a_guard_keeps_an_event_from_its_rule() {
    let rules = "
rules:
  - when: { session: locked }
    while: { power: ac }
    actions: [{ write: { text: locked, outfile: ~/log.txt } }]
";
    let mut stage = Stage::new(rules);
    let session = |locked| Reading::Session(Session { locked });
    stage.see(power(PowerSource::Battery));
    stage.see(session(false));
    stage.see(session(true));
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt"), None);
    stage.see(power(PowerSource::Ac));
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt"), None, "the moment has passed");
    stage.see(session(false));
    stage.pass(MINUTE);
    stage.see(session(true));
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("locked\n"));
}

#[test]
fn a_guard_that_nobody_can_answer_yet_is_waited_for_a_moment() {
    let rules = "
rules:
  - when: started
    while: { power: ac }
    actions: [{ write: { text: started, outfile: ~/log.txt } }]
";
    for (after, acts) in [(2, true), (30, false)] {
        let mut stage = Stage::new(rules);
        stage.engine.wake(&Edge::Started(usher_event::Beginning::default()));
        stage.pass(Duration::from_secs(after));
        stage.see(power(PowerSource::Ac));
        stage.pass(MINUTE);
        assert_eq!(stage.home.read("log.txt").is_some(), acts, "after {after} s");
    }
}

#[test]
fn a_night_with_a_wifi_that_drops_wakes_nobody_and_another_network_one_rule_once() {
    let rules = "
rules:
  - when: [{ network: [connected, disconnected] }, { network: [online, offline] }]
    actions: [{ write: { text: '{rule_nr}', outfile: ~/log.txt } }]
  - when: { network: connected, name: Office }
    actions: [{ write: { text: office, outfile: ~/office.txt } }]
";
    let mut stage = Stage::new(rules);
    let wifi = |name: Option<&str>| {
        let connection = |name: &str| Connection { name: name.to_owned(), kind: ConnectionKind::Wifi };
        let connections = name.map(connection).into_iter().collect();
        Reading::Network(Network { online: name.is_some(), connections, ..Network::default() })
    };
    stage.see(wifi(Some("Home")));
    stage.pass(MINUTE);
    stage.engine.event(&Event::Moment { moment: Moment::Suspend });
    stage.see(wifi(None));
    stage.pass(HOUR / 120);
    stage.engine.event(&Event::Moment { moment: Moment::Resume });
    stage.pass(Duration::from_secs(5));
    stage.see(wifi(Some("Home")));
    stage.pass(HOUR);
    assert_eq!(stage.home.read("log.txt"), None);
    stage.see(wifi(None));
    stage.pass(Duration::from_secs(1));
    stage.see(wifi(Some("Office")));
    stage.pass(HOUR);
    assert_eq!(stage.home.read("office.txt").as_deref(), Some("office\n"));
}

#[test]
fn a_cooldown_lets_a_rule_rest() {
    let rules = "
rules:
  - when: { hotkey: Ctrl+Alt+I }
    cooldown: 10m
    actions: [{ write: { text: pressed, outfile: ~/log.txt } }]
";
    let mut stage = Stage::new(rules);
    let pressed = Edge::HotkeyPressed(usher_event::Hotkey { keys: "Ctrl+Alt+I".into() });
    for wait in [1, 5, 6] {
        stage.engine.wake(&pressed);
        stage.pass(MINUTE * wait);
    }
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("pressed\n"));
    stage.engine.wake(&pressed);
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("pressed\npressed\n"));
}

#[test]
fn what_holds_a_rule_back_is_told_beforehand_and_when_it_does() {
    let rules = "
rules:
  - name: Resting
    when: { hotkey: Ctrl+Alt+I }
    cooldown: 10m
    actions: [{ write: { text: pressed, outfile: ~/log.txt } }]
  - name: Guarded
    when: { hotkey: Ctrl+Alt+I }
    while: { power: ac }
    actions: [{ write: { text: plugged, outfile: ~/log.txt } }]
";
    let mut stage = Stage::new(rules);
    let pressed = Edge::HotkeyPressed(usher_event::Hotkey { keys: "Ctrl+Alt+I".into() });
    let press = |stage: &mut Stage| {
        let woke = stage.engine.would_wake(&pressed).unwrap();
        let simulation = stage.engine.simulation(stage.disk.clone());
        let planned = simulation.simulate_woken(&woke, &mut |_, _| {});
        let told = |held: &[usher_engine::HeldBack]| -> Vec<String> {
            held.iter().map(|(rule, why)| format!("{}: {}", rule.title(), why.sentence())).collect()
        };
        let stirred = stage.engine.wake(&pressed);
        assert_eq!(told(&planned.held_back), told(&stirred.held_back));
        assert_eq!(planned.lines.len(), stirred.woken.len());
        let noticed: Vec<String> = stage
            .engine
            .take_notices()
            .into_iter()
            .filter_map(|happening| match happening {
                usher_engine::Happening::HeldBack { rule, why } => {
                    Some(format!("{rule}: {}", why.sentence()))
                }
                _ => None,
            })
            .collect();
        assert_eq!(noticed, told(&stirred.held_back));
        noticed
    };
    assert_eq!(press(&mut stage), ["Guarded: nobody can tell yet whether `power: ac`"]);
    stage.pass(MINUTE);
    stage.see(power(PowerSource::Battery));
    let held = ["Resting: its cooldown has 540 s to go", "Guarded: `power: ac` is not so"];
    assert_eq!(press(&mut stage), held);
    stage.see(power(PowerSource::Ac));
    stage.pass(MINUTE);
    assert_eq!(press(&mut stage), ["Resting: its cooldown has 480 s to go"]);
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("pressed\nplugged\n"));
}

#[test]
fn what_waits_to_hear_of_a_guard_counts_for_the_cooldown() {
    let rules = "
rules:
  - when: { hotkey: Ctrl+Alt+I }
    while: { power: ac }
    cooldown: 10m
    actions: [{ write: { text: pressed, outfile: ~/log.txt } }]
";
    let mut stage = Stage::new(rules);
    let pressed = Edge::HotkeyPressed(usher_event::Hotkey { keys: "Ctrl+Alt+I".into() });
    stage.engine.wake(&pressed);
    stage.engine.wake(&pressed);
    stage.see(power(PowerSource::Ac));
    stage.pass(MINUTE);
    stage.engine.wake(&pressed);
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt").as_deref(), Some("pressed\n"));
}

#[test]
fn a_guard_about_what_cannot_be_seen_any_more_is_not_so() {
    let rules = "
rules:
  - when: { hotkey: Ctrl+Alt+I }
    while: { session: locked }
    actions: [{ write: { text: pressed, outfile: ~/log.txt } }]
";
    let mut stage = Stage::new(rules);
    stage.see(Reading::Session(Session { locked: true }));
    stage.engine.event(&usher_event::Event::Noun {
        noun: usher_event::Noun::Session,
        health: usher_event::NounHealth::unavailable(usher_event::Sentence::foreign("logind is not running")),
    });
    stage.engine.wake(&Edge::HotkeyPressed(usher_event::Hotkey { keys: "Ctrl+Alt+I".into() }));
    stage.pass(MINUTE);
    assert_eq!(stage.home.read("log.txt"), None);
}

fn hourly(missed: &str) -> String {
    format!(
        "
rules:
  - name: Hourly
    when: {{ schedule: '0 * * * *', missed: {missed} }}
    actions: [{{ write: {{ text: '{{schedule.due.hour}}', outfile: ~/log.txt }} }}]
"
    )
}

fn times(stage: &Stage) -> usize {
    stage.home.read("log.txt").map_or(0, |text| text.lines().count())
}

#[test]
fn a_schedule_comes_when_it_is_due() {
    let mut stage = Stage::new(&hourly("run_once"));
    assert!(stage.engine.next_due("test/Hourly").is_some());
    stage.pass(HOUR * 3);
    assert_eq!(times(&stage), 3);
    let run = stage.engine.journal().run(1).unwrap().unwrap();
    assert!(run.cause.starts_with("schedule.due 20"), "{}", run.cause);
}

#[test]
fn what_was_missed_is_made_up_for_as_the_rule_says() {
    for (missed, expected) in [("run_once", 1), ("skip", 0), ("run_all", 5)] {
        let mut stage = Stage::new(&hourly(missed));
        let at_half_past = half_past(&mut stage);
        let before = times(&stage);
        stage = stage.restart();
        set_to(&mut stage, at_half_past + SignedDuration::from_hours(5));
        assert_eq!(times(&stage) - before, expected, "{missed}");
    }
}

/// Half past the hour, far from the moments of an hourly schedule, whenever the test runs.
fn half_past(stage: &mut Stage) -> Timestamp {
    let now = stage.clock.now();
    let half_past = now.timestamp() + SignedDuration::from_mins(30 - i64::from(now.minute()));
    set_to(stage, half_past);
    half_past
}

/// Sets the clock to a moment, and lets what comes of that come.
fn set_to(stage: &mut Stage, moment: Timestamp) {
    stage.clock.set(moment.duration_since(stage.clock.now().timestamp()));
    stage.engine.event(&Event::ClockSet);
    stage.pass(Duration::from_secs(1));
}

#[test]
fn a_clock_that_is_set_back_repeats_nothing_and_one_set_forth_misses_nothing() {
    let mut stage = Stage::new(&hourly("run_once"));
    half_past(&mut stage);
    let made_up = times(&stage);
    stage.pass(HOUR * 2);
    assert_eq!(times(&stage), made_up + 2);
    stage.clock.set(SignedDuration::from_hours(-1));
    stage.engine.event(&Event::ClockSet);
    stage.pass(MINUTE * 59);
    assert_eq!(times(&stage), made_up + 2, "that hour has been");
    stage.pass(HOUR);
    let after = times(&stage);
    assert_eq!(after, 3);
    stage.clock.set(SignedDuration::from_hours(48));
    stage.engine.event(&Event::ClockSet);
    stage.pass(MINUTE);
    assert_eq!(times(&stage), after + 1, "what was leapt over is made up for once");
}

#[test]
fn the_hour_that_spring_skips_is_made_up_for_and_the_one_that_autumn_repeats_is_not_repeated() {
    let nightly = |cron: &str| {
        format!("rules: [{{ name: Nightly, when: {{ schedule: '{cron}' }}, actions: [{{ echo: woke }}] }}]")
    };
    for (cron, noon, expected) in [
        ("30 1,2 * * *", "2036-03-29T12:00", &["2036-03-30T01:30:00+01:00", "2036-03-30T03:00:00+02:00"][..]),
        ("30 1,2 * * *", "2036-10-25T12:00", &["2036-10-26T01:30:00+02:00", "2036-10-26T02:30:00+02:00"]),
        // With a star it goes by what the clock shows.
        ("*/30 2 * * *", "2036-03-29T12:00", &[]),
        (
            "*/40 2 * * *",
            "2036-10-25T12:00",
            &[
                "2036-10-26T02:00:00+02:00",
                "2036-10-26T02:40:00+02:00",
                "2036-10-26T02:00:00+01:00",
                "2036-10-26T02:40:00+01:00",
            ],
        ),
    ] {
        let mut stage = Stage::new(&nightly(cron));
        let berlin = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        stage.clock.live_in(berlin.clone());
        let noon = noon.parse::<jiff::civil::DateTime>().unwrap().to_zoned(berlin).unwrap();
        set_to(&mut stage, noon.timestamp());
        // What was leapt over by setting the clock is made up for by then.
        let before = stage.engine.journal().run_count();
        stage.pass(HOUR * 24);
        let runs = before + 1..=stage.engine.journal().run_count();
        let causes: Vec<String> =
            runs.map(|run| stage.engine.journal().run(run).unwrap().unwrap().cause.into()).collect();
        let expected: Vec<String> = expected.iter().map(|due| format!("schedule.due {due}")).collect();
        assert_eq!(causes, expected, "`{cron}` after {noon}");
    }
}

#[test]
fn a_schedule_with_locations_goes_over_them() {
    let rules = "
rules:
  - when: { schedule: { every: 1h } }
    locations: ~/in
    actions: [{ move: ~/out/ }]
";
    let mut stage = Stage::new(rules);
    stage.drop_file("in/a.txt", "a");
    stage.pass(MINUTE / 60);
    assert!(stage.home.path("in/a.txt").exists(), "it does not wait for files");
    assert_eq!(stage.engine.places().len(), 0, "so nobody has to watch");
    stage.pass(HOUR);
    assert_eq!(stage.home.read("out/a.txt").as_deref(), Some("a"));
    let steps = stage.engine.journal().steps(1).unwrap();
    assert!(steps.iter().all(|step| step.state == StepState::Done));
}

#[test]
fn a_pause_wakes_nobody_until_it_is_over() {
    let mut stage = Stage::new(IMPORT);
    stage.home.write("media/EOS_1/DCIM/a.jpg", "a");
    stage.see(drives(&stage, &[]));
    stage.engine.pause();
    stage.see(drives(&stage, &["EOS_1"]));
    stage.pass(HOUR);
    assert_eq!(stage.journal(), [""; 0]);
    stage.engine.resume();
    stage.pass(MINUTE);
    assert_eq!(done(&stage).len(), 1, "the drive is still there, and that is new");
}

#[test]
fn a_location_that_an_event_does_not_bring_along_is_told_of() {
    let rules = "
rules:
  - when: started
    locations: '{volume.path}/x'
    actions: [trash]
";
    let mut stage = Stage::new(rules);
    stage.engine.wake(&Edge::Started(usher_event::Beginning::default()));
    stage.pass(MINUTE);
    assert_eq!(stage.trouble("failed_location").len(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_drive_whose_place_is_not_text_is_told_of_and_nothing_is_done_elsewhere() {
    use std::os::unix::ffi::OsStrExt;
    let place = std::path::Path::new("media").join(std::ffi::OsStr::from_bytes(b"caf\xe9"));
    let rules = "
rules:
  - { name: From, when: { volume: mounted }, locations: '{volume.path}/DCIM', actions: [trash] }
  - { name: To, when: { volume: mounted }, locations: ~/in, actions: [copy: '{volume.path}/kept/'] }
";
    let mut stage = Stage::new(rules);
    stage.home.write(place.join("DCIM/a.jpg"), "a");
    // Where a guess at the name would lead.
    stage.home.write("media/caf\u{fffd}/DCIM/b.jpg", "b");
    stage.home.write("in/c.txt", "c");
    let trees = |stage: &Stage| (stage.home.tree("media"), stage.home.tree("in"));
    let before = trees(&stage);
    let drive = Volume { path: stage.home.path(&place), ..Volume::default() };
    stage.engine.wake(&Edge::VolumeMounted(drive));
    stage.pass(MINUTE);
    assert_eq!(trees(&stage), before);
    let trouble = stage.trouble("failed_location");
    assert!(trouble.len() == 1 && trouble[0].contains("is not text"), "{trouble:?}");
    let journal = stage.journal();
    assert!(journal.len() == 1 && journal[0].starts_with("Failed copy"), "{journal:?}");
}

#[test]
fn guards_and_filters_ask_for_what_the_event_brings() {
    let mut stage = Stage::new(
        "
rules:
  - name: Copy home
    when: { network: connected }
    while: { volume: mounted, label: 'backup-{network.name}' }
    locations: ~/Docs
    filters: [name: '{network.name}_*', regex: '_\\d{2}\\.']
    actions: [{ copy: '~/media/backup-{network.name}/' }]
",
    );
    for name in ["home_12.txt", "home_1.txt", "office_12.txt"] {
        stage.home.write(format!("Docs/{name}"), name);
    }
    stage.home.write("media/backup-home/x", "");
    stage.see(drives(&stage, &["backup-home"]));
    let connected =
        |name: &str| Edge::NetworkConnected(Connection { name: name.to_owned(), kind: ConnectionKind::Wifi });
    let told = |held: &[usher_engine::HeldBack]| -> Vec<String> {
        held.iter().map(|(_, why)| why.sentence().into()).collect()
    };
    // Another place has no drive of its own here.
    let woke = stage.engine.would_wake(&connected("office")).unwrap();
    let stirred = stage.engine.wake(&connected("office"));
    let why = ["`volume: mounted, label: backup-office` is not so"];
    let planned = stage.engine.simulation(stage.disk.clone()).simulate_woken(&woke, &mut |_, _| {});
    assert_eq!(
        (told(&planned.held_back), told(&stirred.held_back)),
        (vec![why[0].to_owned()], vec![why[0].to_owned()])
    );
    assert_eq!(planned.lines.len(), 0);
    // A simulation says what is done.
    let woke = stage.engine.would_wake(&connected("home")).unwrap();
    let planned = stage.engine.simulation(stage.disk.clone()).simulate_woken(&woke, &mut |_, _| {});
    stage.engine.wake(&connected("home"));
    stage.pass(MINUTE);
    let line = "copy ~/Docs/home_12.txt -> ~/media/backup-home/home_12.txt";
    assert_eq!(planned.lines.iter().map(|line| &*line.text).collect::<Vec<_>>(), [line]);
    assert_eq!(done(&stage), [format!("Done {line}")]);
    // Somebody who asks about a file hears what it depends on.
    let views = stage.engine.why(&stage.home.path("Docs/home_12.txt")).rules;
    assert_eq!(views[0].summary, "it asks for `network`, which is known only when `network: connected`");
}

#[test]
fn why_says_which_guard_asks_for_what_only_the_event_brings() {
    let stage = Stage::new(
        "
rules:
  - when: { network: connected }
    while: { volume: mounted, label: '{network.name}' }
    locations: ~/Docs
    actions: [trash]
",
    );
    let path = stage.home.write("Docs/a.txt", "a");
    let views = stage.engine.why(&path).rules;
    assert_eq!(
        views[0].summary,
        "it would act when `network: connected`, if `volume: mounted, label: {network.name}` then"
    );
}
