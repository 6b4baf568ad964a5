//! One turn of the owner's thread: wait, take what there is, let the engine work, then see to everything else.

use std::collections::HashSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use fluent_bundle::FluentValue;
use usher_engine::{Beyond, Finding, Happening, HeldBy, JournalError, Question};
use usher_event::{Beginning, Edge, Event, RescanReason, sentence};

use super::{Message, Owner, attention};
use crate::api::{Dismissal, Notice};
use crate::inbox::NoMessage;
use crate::quiet::QuietHours;
use crate::settings;
use crate::words::Words;

/// How many messages are taken before the engine has its go.
const AT_ONCE: usize = 4096;

/// How long a rule file has to be quiet before it is read: editors save in several steps.
const QUIET: Duration = Duration::from_millis(50);

/// How long reading is put off at most while changes go on.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long the engine is left alone after its journal failed or it panicked; grows with every failure in a row.
const LEAVE_ALONE: Duration = Duration::from_secs(2);

/// How long nothing has happened when the engine does what it has put off.
const QUIET_MOMENT: Duration = Duration::from_millis(250);

/// How long the end waits for steps that are going on.
const LAST_STEPS: Duration = Duration::from_secs(10);

/// When rules and settings are to be read again, in the clock's ticks.
#[derive(Debug, Default)]
pub(super) struct Reload {
    first: Option<Duration>,
    due: Option<Duration>,
}

impl Reload {
    /// Something changed.
    fn changed(&mut self, now: Duration) {
        let first = *self.first.get_or_insert(now);
        self.due = Some((now + QUIET).min(first + PATIENCE));
    }

    /// Whether it is time; if so, it is done with.
    fn take(&mut self, now: Duration) -> bool {
        let due = self.due.is_some_and(|due| due <= now);
        if due {
            *self = Self::default();
        }
        due
    }
}

impl Owner {
    /// Turns until the end.
    pub(super) fn live(mut self) {
        while !self.ended {
            self.turn();
        }
        self.folders = None;
        self.sources_of_nouns.stop();
        self.abandon_runs();
        self.abandon_undos();
        self.finish_steps();
        self.desk.finish();
        self.hear_engine();
        self.publish_everything();
        self.subscribers.tell(&Notice::Gone);
        tracing::info!("ended");
    }

    /// Lets steps on worker threads come to their end. One that takes too long is picked up by the next owner, as if
    /// this one had been killed.
    fn finish_steps(&mut self) {
        let until = self.clock.ticks() + LAST_STEPS;
        while self.engine.working() {
            let left = until.saturating_sub(self.clock.ticks());
            match self.inbox.next(Some(left)) {
                Ok(Message::Finished(finished)) => self.engine_does(|engine| engine.finish(*finished)),
                Ok(
                    Message::Event(_)
                    | Message::Ask(_)
                    | Message::Unshown(_)
                    | Message::TakeBack(_)
                    | Message::HungUp
                    | Message::End,
                ) => {}
                Err(_) => return tracing::warn!("a step is left to the next owner"),
            }
        }
    }

    fn turn(&mut self) {
        match self.wait() {
            Ok(message) => self.take_all(message),
            Err(NoMessage::Yet) => {}
            Err(NoMessage::Ever) => self.ended = true,
        }
        self.advance();
        if self.engine.is_ahead() {
            // More files are likely to come at once, and wait for nothing but the rules.
            let undisturbed = !self.ended && self.leave_alone.is_none();
            if undisturbed && self.due() != Some(Duration::ZERO) {
                return;
            }
            self.catch_up();
        }
        self.go_on_running();
        self.go_on_undoing();
        self.mind_woken();
        self.read_noted();
        self.hear_engine();
        let now = self.clock.ticks();
        if self.reload.take(now) {
            self.read_again();
        }
        self.resume_if_over();
        self.answer_triggers();
        self.publish();
        self.mind_listeners();
        self.desk.break_silence();
        self.tell_digest();
        self.tidy(now);
        self.keep_within_limits(now);
        self.forget_names(now);
    }

    /// The next message; [`NoMessage::Yet`] where something is due before one comes.
    fn wait(&self) -> Result<Message, NoMessage> {
        self.inbox.next(self.due())
    }

    /// How long until there is something to do without a message.
    fn due(&self) -> Option<Duration> {
        if self.run_is_due() || self.undo_is_due() {
            return Some(Duration::ZERO);
        }
        let now = self.clock.ticks();
        let engine = match self.leave_alone {
            Some(until) => Some(until.saturating_sub(now)),
            None => self.engine.due(),
        };
        let reload = self.reload.due.map(|due| due.saturating_sub(now));
        let pause = self.memory.pause_due(self.clock.timestamp());
        let news = self.news.due(now).filter(|_| !self.subscribers.is_empty());
        let tidy = self.tidy.map(|due| due.saturating_sub(now));
        let others = [
            self.triggers_due(now),
            self.names_due(now),
            self.desk.due(),
            self.digest_due(),
            self.woken_due(),
        ];
        [engine, reload, pause, news, tidy].into_iter().chain(others).flatten().min()
    }

    /// Looks whether the engine has put off anything, for the next quiet moment.
    pub(super) fn tidy_soon(&mut self) {
        self.tidy = self.engine.untidy().then(|| self.clock.ticks() + QUIET_MOMENT);
    }

    /// Lets the engine do what it has put off, once nothing has happened for a while.
    fn tidy(&mut self, now: Duration) {
        if self.tidy.is_some_and(|due| due <= now) {
            self.tidy = None;
            if self.engine.untidy() {
                self.engine_does(|engine| engine.tidy());
                // A piece at a time: there may be years of it.
                self.tidy_soon();
            }
        }
    }

    fn take_all(&mut self, first: Message) {
        self.take(first);
        for _ in 0..AT_ONCE {
            if self.ended {
                return;
            }
            let Some(message) = self.inbox.at_hand() else { return };
            self.take(message);
        }
    }

    fn take(&mut self, message: Message) {
        if !matches!(message, Message::Event(_)) {
            self.catch_up();
        }
        match message {
            Message::Event(event) => {
                tracing::debug!(?event);
                self.engine.event(&event);
                self.noted.push(event);
            }
            Message::Finished(finished) => self.engine_does(|engine| engine.finish(*finished)),
            Message::Unshown(reason) => self.trouble(unshown(&reason)),
            Message::TakeBack(run) => self.take_back(run),
            Message::Ask(ask) => self.answer(*ask),
            Message::HungUp => self.subscribers.forget_gone(),
            Message::End => self.ended = true,
        }
    }

    fn advance(&mut self) {
        if self.leave_alone.is_some_and(|until| self.clock.ticks() < until) {
            return;
        }
        self.leave_alone = None;
        if self.engine.due() == Some(Duration::ZERO) {
            self.engine_does(|engine| engine.advance_ahead());
        }
    }

    /// Has the journal show all that was done, for whoever is going to read it.
    fn catch_up(&mut self) {
        if self.engine.is_ahead() {
            self.engine_does(|engine| engine.catch_up());
        }
    }

    /// Lets the engine do something. When that fails, or panics, everything else goes on and the engine is tried again
    /// after a while.
    pub(super) fn engine_does(
        &mut self,
        deed: impl FnOnce(&mut usher_engine::Engine) -> Result<(), JournalError>,
    ) {
        let finding = match catch_unwind(AssertUnwindSafe(|| deed(&mut self.engine))) {
            Ok(Ok(())) => {
                if std::mem::take(&mut self.failures) > 0 {
                    self.journal_is_mended();
                }
                return;
            }
            Ok(Err(error)) => journal_finding(&error),
            Err(_) => Finding {
                code: "internal",
                message: sentence!(
                    "owner-mistake-usher-itself-stopped-middle-its",
                    "a mistake in Usher itself stopped it in the middle of its work"
                ),
                hint: Some(sentence!("fault-report", "look into the log, and please report it")),
                path: None,
                run: None,
                rule: None,
            },
        };
        self.failures += 1;
        self.leave_alone = Some(self.clock.ticks() + LEAVE_ALONE * self.failures.min(30));
        self.trouble(finding);
    }

    /// That nothing is done for want of a journal is not so any more.
    fn journal_is_mended(&mut self) {
        let what = Dismissal { code: "journal".to_owned(), run: None, path: None, rule: None };
        if self.attention.dismiss(&what) {
            self.news.status();
        }
    }

    /// Notes something for the user, and says so.
    pub(super) fn trouble(&mut self, finding: Finding) {
        tracing::warn!(code = finding.code, "{}", finding.message);
        self.attention.add(attention::Note::finding(finding, self.clock.timestamp()));
        self.news.status();
    }

    /// Looks at this turn's events: folder health, rule files, and who wants to hear of them.
    fn read_noted(&mut self) {
        if self.noted.is_empty() {
            return;
        }
        let at = self.clock.timestamp();
        let mut noted = std::mem::take(&mut self.noted);
        for event in noted.drain(..) {
            if self.is_about_sources(&event) {
                self.reload.changed(self.clock.ticks());
            }
            let of_machine = matches!(event, Event::State { .. } | Event::Noun { .. });
            match self.book.note(&event, at) || of_machine {
                true => self.news.status(),
                false => self.news.status_soon(),
            }
            if self.subscribers.wants_events() {
                self.subscribers.tell(&crate::present::event_notice(&event, at));
            }
        }
        self.noted = noted;
    }

    fn is_about_sources(&self, event: &Event) -> bool {
        let is_source = |path: &Path| self.sources.iter().any(|source| source == path);
        match event {
            Event::Path { path, .. } => is_source(path) || path.parent().is_some_and(is_source),
            Event::Rescan { root, .. } | Event::Folder { root, .. } => is_source(root),
            Event::State { .. } | Event::Moment { .. } | Event::Noun { .. } | Event::ClockSet => false,
        }
    }

    /// Takes what the engine has to tell.
    pub(super) fn hear_engine(&mut self) {
        if self.resident {
            self.memory.note_at_their_limit(self.engine.at_their_limit());
        }
        for happening in self.engine.take_notices() {
            match happening {
                Happening::Run(run) => {
                    self.news.run(run);
                    self.tidy_soon();
                }
                Happening::Trouble(finding) => self.trouble(finding),
                Happening::Asked(id) => self.asked(id),
                Happening::Edge(edge) => self.tell_edge(&edge),
                Happening::HeldBack { rule, why } => self.tell_held_back(&rule, &why),
                Happening::Withdrawn => self.news.status(),
                Happening::Message { title, text } => {
                    let notice = Notice::Message { title: title.unwrap_or_default(), text };
                    self.subscribers.tell(&notice);
                }
            }
        }
    }

    /// Tells of something that happened to the machine.
    fn tell_edge(&mut self, edge: &Edge) {
        tracing::info!(edge = usher_engine::edge_text(edge), "happened");
        if self.subscribers.wants_events() {
            let notice = crate::present::edge_notice(edge, self.clock.timestamp());
            self.subscribers.tell(&notice);
        }
        self.news.status();
    }

    /// Tells whoever listens to events why a rule has not acted on one.
    fn tell_held_back(&mut self, rule: &str, why: &HeldBy) {
        if self.subscribers.wants_events() {
            let notice = crate::present::held_back_notice(rule, why, self.clock.timestamp());
            self.subscribers.tell(&notice);
        }
    }

    /// Other rules are in force: looks at what they need, and wakes those that wait for just this.
    fn begin(&mut self) {
        if !self.resident {
            return;
        }
        self.look_at_nouns();
        let reloaded = std::mem::replace(&mut self.begun, true);
        self.engine.wake(&Edge::Started(Beginning { reloaded }));
    }

    /// Shows a new question, to whoever may be away from the window. A rule that asks about one file after the other is
    /// shown once, for as long as none of them is answered.
    pub(super) fn asked(&mut self, id: u64) {
        if let Some(question) = self.engine.question(id).filter(|_| self.resident) {
            tracing::info!(question = %question.text, "asks");
            if !self.engine.asks_more(&question.rule) {
                let rule = self.engine.rules().iter().find(|rule| rule.id == question.rule);
                let rule = rule.map_or(question.rule.as_str(), |rule| rule.title());
                let (title, text) = question_told(&self.words(), &question, rule);
                self.engine.notify(&title, &text);
            }
        }
        self.news.status();
    }

    fn read_again(&mut self) {
        self.read_settings();
        self.load_rules();
    }

    /// Reads the settings file, and tells if they are other ones.
    pub(super) fn read_settings(&mut self) {
        let new = settings::load(&self.dirs.settings);
        self.use_settings(new);
    }

    /// Puts settings into force.
    pub(super) fn use_settings(&mut self, new: settings::SettingsFile) {
        if new == self.settings {
            return;
        }
        self.settings = new;
        self.notifications.store(self.settings.settings.notifications, Ordering::Relaxed);
        self.keep_quiet();
        // Other limits than before are seen to at once.
        self.kept_within = None;
        // A digest wants to know when the clock is set.
        self.look_at_nouns();
        self.subscribers.tell(&Notice::Settings { settings: self.settings.settings.clone() });
        self.news.status();
    }

    /// The words of the user's language.
    pub(super) fn words(&self) -> Words {
        Words::of(&self.settings.settings.language)
    }

    /// Puts the quiet hours into force. A command that somebody waits for is none to hold back.
    pub(super) fn keep_quiet(&self) {
        let hours = QuietHours::read(&self.settings.settings.quiet_hours);
        self.desk.keep_quiet(hours.filter(|_| self.resident), &self.settings.settings.muted_rules);
        self.desk.speak(&self.words());
    }

    /// Reads the rule files, and hands the rules to the engine if they are other ones.
    pub(super) fn load_rules(&mut self) {
        let was_unreadable = self.rules.unreadable().is_some();
        let rules = catch_unwind(AssertUnwindSafe(|| self.rules.read(self.clock.timestamp())));
        let changed = rules.unwrap_or_else(|_| {
            self.trouble(Finding {
                code: "internal",
                message: sentence!(
                    "owner-mistake-reading-rules",
                    "a mistake in Usher itself kept it from reading the rules; the last good ones run on"
                ),
                hint: Some(sentence!(
                    "owner-look-into-log-please-report-with",
                    "look into the log, and please report it with the rule file"
                )),
                path: Some(self.dirs.rules.clone()),
                run: None,
                rule: None,
            });
            false
        });
        if self.rules.unreadable().is_some() != was_unreadable {
            self.news.status();
        }
        let sources = self.rules.sources(&self.dirs.settings);
        if !changed && sources == self.sources {
            return;
        }
        self.sources = sources;
        if changed {
            self.desk.know_rules(&self.rules.running());
            let watched: HashSet<PathBuf> =
                self.engine.places().into_iter().map(|place| place.root).collect();
            self.engine.set_rules(self.rules.running());
            self.look_at_places_again(&watched);
            let rules = self.rules_now();
            self.subscribers.tell(&Notice::Rules { rules });
            self.news.status();
            self.begin();
        }
        self.watch_places();
    }
}

impl Owner {
    /// Other rules may want what lies in folders that were watched before, and what the old ones had put off until later
    /// is forgotten with them. Folders that are watched from now on are looked through as soon as they are.
    fn look_at_places_again(&mut self, watched: &HashSet<PathBuf>) {
        if !self.resident {
            return;
        }
        for place in self.engine.places() {
            if watched.contains(&place.root) {
                let event = Event::Rescan { root: place.root, reason: RescanReason::RulesChanged };
                self.engine.event(&event);
                self.noted.push(event);
            }
        }
    }
}

/// What a notification says of a question of this rule. How a `confirm` words it is the user's own.
fn question_told(words: &Words, question: &Question, rule: &str) -> (String, String) {
    let text = match question.beyond {
        Some(Beyond { limit, held }) => {
            let arguments = [
                ("rule", FluentValue::from(rule)),
                ("limit", FluentValue::from(limit)),
                ("held", FluentValue::from(held)),
            ];
            words.say_with("notice-asks-limit", &arguments)
        }
        None => words.tell(&question.text),
    };
    (words.say("notice-asks"), text)
}

/// Notifications that cannot be shown, for the user.
fn unshown(reason: &str) -> Finding {
    Finding {
        code: "notifications",
        message: sentence!(
            "owner-notifications-cannot-be-shown-here",
            "notifications cannot be shown here: {reason}",
            reason = reason
        ),
        hint: Some(sentence!(
            "owner-what-rules-have-say-usher-log",
            "what rules have to say is in `usher log`; start a notification service to see it"
        )),
        path: None,
        run: None,
        rule: None,
    }
}

/// A journal that cannot be read or written, for the user.
pub(super) fn journal_finding(error: &JournalError) -> Finding {
    let (code, hint) = match error {
        JournalError::Damaged { .. } => (
            "journal_damaged",
            sentence!(
                "journal-damaged-hint",
                "end Usher and start it again: it puts a damaged journal aside, never removes it, and begins a new one"
            ),
        ),
        _ if error.kind() == io::ErrorKind::ResourceBusy => (
            "journal",
            sentence!(
                "journal-held-hint",
                "another program holds the journal: end it; nothing is done until the journal can be written"
            ),
        ),
        _ => (
            "journal",
            sentence!(
                "journal-trouble-hint",
                "see whether the disk is full; nothing is done until the journal can be written"
            ),
        ),
    };
    Finding { code, message: error.sentence(), hint: Some(hint), path: None, run: None, rule: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_that_another_program_holds_is_told_from_a_full_disk() {
        let hint = |kind: io::ErrorKind| {
            let error = JournalError::Io { path: "/j".into(), source: kind.into() };
            journal_finding(&error).hint.unwrap().to_string()
        };
        assert!(hint(io::ErrorKind::ResourceBusy).starts_with("another program holds the journal"));
        assert!(hint(io::ErrorKind::StorageFull).starts_with("see whether the disk is full"));
    }

    #[test]
    fn rules_are_read_once_a_file_is_quiet_and_not_put_off_for_ever() {
        let ms = Duration::from_millis;
        let mut reload = Reload::default();
        reload.changed(ms(1000));
        assert!(!reload.take(ms(1040)));
        reload.changed(ms(1040));
        assert!(!reload.take(ms(1080)));
        assert!(reload.take(ms(1090)));
        assert!(!reload.take(ms(9000)), "it is done with");
        for now in (2000..2480).step_by(40) {
            reload.changed(ms(now));
        }
        assert_eq!(reload.due, Some(ms(2490).min(ms(2500))));
        reload.changed(ms(2480));
        assert!(reload.take(ms(2500)));
    }
}
