//! One thread at a desk that waits for news and acts on it: all that the tray process decides.
//!
//! News comes from the owner, the window, the menu and the session; each is a message, so nothing here is polled and
//! nothing is locked. Only the hotkey and a second launch go straight to the window, because a person waits for those.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use fluent_bundle::FluentValue;
use tauri::AppHandle;
use usher_agent::api::{Notice, Refusal, Request, RuleHotkey};
use usher_agent::words::Words;

use crate::args::Opening;
use crate::hotkey::{Cause, Heard, Hotkey, Problem};
use crate::link::Owner;
use crate::tray::Tray;
use crate::tray::facts::Facts;
use crate::tray::menu::Action;
use crate::window::{Order, Window, Word};
use crate::{autostart, deeds, notice};

/// The tray is changed at most this often, however much happens.
const BETWEEN_CHANGES: Duration = Duration::from_millis(100);

/// Between two attempts to become the owner, after the last one has gone away and another was quicker.
const RELINK: Duration = Duration::from_secs(2);

/// How long a panel may take at login before its absence is worth a notification.
const PANEL_PATIENCE: Duration = Duration::from_secs(10);

/// How often a panel that came and then took no icon is waited for again.
const PANELS: u32 = 3;

/// Something the desk has to know of.
pub(crate) enum News {
    /// From the owner.
    Notice(Box<Notice>),
    /// From the window.
    Window(Word),
    /// From the tray's menu.
    Clicked(Action),
    /// The chord that opens the window is not held after all.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "elsewhere that is known at once"))]
    Hotkey(Problem),
    /// A chord that rules wait for is not held after all.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "elsewhere that is known at once"))]
    Chord(Problem),
    /// The owner does not do what a chord asks for.
    Refused(Refusal),
    /// A panel can show the icon now.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "elsewhere the panel is always there"))]
    Panel,
    /// It is time to look whether a panel has come.
    PanelLate,
    /// It is time to look for the owner again.
    Relink,
}

/// Sends news to the desk; when it has gone home, nobody has to know any more.
pub(crate) fn send(sender: &Sender<News>, news: News) {
    let _ = sender.send(news);
}

/// The tray process's thread that waits and acts.
pub(crate) struct Desk {
    app: AppHandle,
    owner: Arc<Owner>,
    window: Window,
    hotkey: Hotkey,
    /// The chords that rules wait for.
    chords: Vec<RuleHotkey>,
    tray: Tray,
    facts: Facts,
    words: Arc<Words>,
    sender: Sender<News>,
    /// A thread waits for a panel.
    awaits_panel: bool,
    /// How many were waited for, the present one included.
    panels_awaited: u32,
    /// The thread that waits for the end of the owner, or for the system to ask for ours.
    end: Option<JoinHandle<()>>,
}

impl Desk {
    /// A desk with nothing on it yet.
    pub(crate) fn new(app: AppHandle, owner: Arc<Owner>, window: Window, sender: Sender<News>) -> Self {
        let (toggled, asked, said) = (window.clone(), owner.clone(), sender.clone());
        let heard = move |what| match what {
            Heard::Window => toggled.toggle(),
            // The owner may be in the middle of a step; the keys do not wait for it.
            Heard::Rule(keys) => {
                let owner = asked.clone();
                let said = said.clone();
                crate::thread("chord", move || {
                    if let Err(refusal) = deeds::press(&owner, keys) {
                        send(&said, News::Refused(refusal));
                    }
                });
            }
            Heard::NoWindow(problem) => send(&said, News::Hotkey(problem)),
            Heard::NoRule(problem) => send(&said, News::Chord(problem)),
        };
        Self {
            hotkey: Hotkey::new(&app, heard),
            chords: Vec::new(),
            tray: Tray::new(app.clone()),
            facts: Facts::default(),
            words: Arc::new(Words::of("")),
            awaits_panel: false,
            panels_awaited: 0,
            end: None,
            app,
            owner,
            window,
            sender,
        }
    }

    /// Works until the tray process ends.
    pub(crate) fn work(mut self, news: &Receiver<News>, opening: Opening) {
        if let Err(error) = self.owner.open() {
            let text = crate::sentence(&error, error.hint());
            crate::stderr(format_args!("{text}"));
            notice::show("Usher", &text);
            self.app.exit(1);
            return;
        }
        #[cfg(target_os = "linux")]
        if let Err(error) = crate::instance::listen(&self.owner.directories().desktop_socket(), &self.window)
        {
            crate::stderr(format_args!("a second launch may not find this one: {error}"));
        }
        self.begin();
        let first_run = self.facts.status.as_ref().is_some_and(|status| status.first_run);
        if opening == Opening::Show || (opening == Opening::FirstRun && first_run) {
            self.window.show();
        }
        while let Ok(first) = news.recv() {
            let mut runs = self.take(first);
            while let Ok(more) = news.try_recv() {
                runs |= self.take(more);
            }
            if runs {
                self.facts.ask_runs(&self.owner);
            }
            self.show();
            std::thread::sleep(BETWEEN_CHANGES);
        }
    }

    /// Takes in all there is to know from an owner that was just reached.
    fn begin(&mut self) {
        let sender = self.sender.clone();
        if let Err(refusal) =
            self.owner.listen(false, move |notice| send(&sender, News::Notice(Box::new(notice))))
        {
            crate::stderr(format_args!("{}", refusal.message));
            // It went before it could say that it goes; one that is this process says so when it is asked to end.
            if !self.owner.is_ours() {
                self.relink_later();
            }
        }
        let (owner, sender) = (self.owner.clone(), self.sender.clone());
        self.end = crate::thread("end", move || {
            if owner.wait_for_the_end() {
                send(&sender, News::Clicked(Action::Quit));
            }
        });
        self.facts.ask_all(&self.owner);
        self.facts.login = autostart::is_on(&self.app);
        self.follow_settings();
        self.follow_chords();
        self.show();
    }

    /// Takes one piece of news in. Returns whether the newest runs are others now.
    fn take(&mut self, news: News) -> bool {
        match news {
            News::Notice(notice) => return self.hear_owner(*notice),
            News::Window(word) => self.hear_window(word),
            News::Clicked(action) => self.act(action),
            News::Hotkey(problem) => self.lose_hotkey(&problem),
            News::Chord(problem) => self.say_chord(&problem),
            News::Refused(refusal) => {
                let words = self.words.clone();
                crate::thread("notice", move || deeds::tell_refusal(&words, &refusal));
            }
            News::Panel => self.awaits_panel = false,
            News::PanelLate if !self.tray.is_there() => {
                let text = self.words.say("notice-no-tray");
                crate::thread("notice", move || notice::show("Usher", &text));
            }
            News::PanelLate => {}
            News::Relink => self.relink(),
        }
        false
    }

    /// Shows what is true now; where no panel takes it, waits for one.
    fn show(&mut self) {
        let Err(error) = self.tray.show(&self.facts, &self.words) else { return };
        if self.panels_awaited == 0 {
            crate::stderr(format_args!("{} ({error})", self.words.say("notice-no-tray")));
            self.say_later();
        }
        if !self.awaits_panel && self.panels_awaited < PANELS {
            self.awaits_panel = true;
            self.panels_awaited += 1;
            self.await_panel();
        }
    }

    /// Tells the user that there is no panel, unless one comes while a session is still starting.
    fn say_later(&self) {
        let sender = self.sender.clone();
        crate::thread("panel-late", move || {
            std::thread::sleep(PANEL_PATIENCE);
            send(&sender, News::PanelLate);
        });
    }

    #[cfg(target_os = "linux")]
    fn await_panel(&self) {
        let sender = self.sender.clone();
        crate::thread("panel", move || {
            if crate::tray::panel::wait().is_ok() {
                send(&sender, News::Panel);
            }
        });
    }

    /// Elsewhere the tray is part of the platform.
    #[cfg(not(target_os = "linux"))]
    fn await_panel(&self) {}

    // ---- the owner

    /// Takes a notice in. Returns whether the newest runs are others now.
    fn hear_owner(&mut self, notice: Notice) -> bool {
        match notice {
            Notice::Run { run } => return run.ended.is_some(),
            Notice::Status { status } => {
                self.facts.status = Some(*status);
                self.follow_chords();
            }
            Notice::Rules { rules } => self.facts.rules = Some(rules),
            Notice::Settings { settings } => {
                self.facts.settings = settings;
                self.follow_settings();
            }
            Notice::Gone => self.lost(),
            // The owner shows messages itself; events and progress are for windows.
            Notice::Message { .. } | Notice::Event { .. } | Notice::Progress { .. } => {}
        }
        false
    }

    /// The link ended. Where this process was the owner, somebody asked it to end; else the owner's place is free.
    fn lost(&mut self) {
        if self.owner.is_ours() {
            // This thread holds the link too, and lets go of it now.
            self.end.take().map(JoinHandle::join);
            self.exit();
            return;
        }
        self.facts.status = None;
        self.relink();
    }

    fn relink(&mut self) {
        match self.owner.open() {
            Ok(()) => self.begin(),
            // Another process may be taking over at this very moment.
            Err(_) => self.relink_later(),
        }
    }

    fn relink_later(&self) {
        let sender = self.sender.clone();
        crate::thread("relink", move || {
            std::thread::sleep(RELINK);
            send(&sender, News::Relink);
        });
    }

    /// Takes over the settings that are about the tray.
    fn follow_settings(&mut self) {
        let settings = &self.facts.settings;
        self.words = Arc::new(Words::of(&settings.language));
        let before = self.facts.hotkey_problem.take();
        if let Err(problem) = self.hotkey.hold(&settings.hotkey) {
            self.facts.hotkey_problem = Some(problem.to_string());
            if before != self.facts.hotkey_problem {
                self.say_hotkey(&problem);
            }
        }
        if before != self.facts.hotkey_problem {
            self.tell_hotkey();
        }
    }

    /// Takes in that the chord which opens the window is not held after all.
    fn lose_hotkey(&mut self, problem: &Problem) {
        let said = Some(problem.to_string());
        if self.facts.hotkey_problem != said {
            self.facts.hotkey_problem = said;
            self.say_hotkey(problem);
            self.tell_hotkey();
        }
    }

    /// Tells the window what is wrong with the chord that should open it.
    fn tell_hotkey(&self) {
        self.window.tell(&Order::Hotkey(self.facts.hotkey_problem.clone().unwrap_or_default()));
    }

    /// Holds the chords that rules wait for, where they are others than before.
    fn follow_chords(&mut self) {
        let wanted = self.facts.status.as_ref().map(|status| status.hotkeys.clone()).unwrap_or_default();
        if wanted == self.chords {
            return;
        }
        let keys: Vec<String> = wanted.iter().map(|hotkey| hotkey.keys.clone()).collect();
        self.chords = wanted;
        for problem in self.hotkey.hold_for_rules(&keys) {
            self.say_chord(&problem);
        }
    }

    fn say_chord(&self, problem: &Problem) {
        let rule = self.chords.iter().find(|hotkey| hotkey.keys == problem.chord);
        let text = problem.of_rule(rule.map_or("", |hotkey| hotkey.rule.as_str()));
        crate::stderr(format_args!("{text}"));
        crate::thread("notice", move || notice::show("Usher", &text));
    }

    fn say_hotkey(&self, problem: &Problem) {
        crate::stderr(format_args!("{problem}"));
        let text = match problem.cause {
            Cause::Taken => self
                .words
                .say_with("notice-hotkey-taken", &[("chord", FluentValue::from(problem.chord.as_str()))]),
            _ => problem.to_string(),
        };
        crate::thread("notice", move || notice::show("Usher", &text));
    }

    // ---- the window and the menu

    fn hear_window(&mut self, word: Word) {
        match word {
            Word::Chord(chord) => {
                let held = self.hotkey.hold(&chord);
                if held.is_ok() && self.facts.hotkey_problem.take().is_some() {
                    self.tell_hotkey();
                }
                let answer = held
                    .map_or_else(|problem| Order::ChordRefused(problem.to_string()), |()| Order::ChordHeld);
                self.window.tell(&answer);
            }
            Word::Settings => {
                if let Ok(settings) = self.owner.call(&Request::Settings) {
                    self.facts.settings = settings;
                }
                self.follow_settings();
            }
            Word::Login => self.facts.login = autostart::is_on(&self.app),
            Word::Shown => self.tell_hotkey(),
            Word::Hidden | Word::Painted(_) => {}
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Open => self.window.show(),
            Action::Login => self.switch_login(),
            Action::Quit => self.quit(),
            // The owner may take its time over these; the desk does not wait for it.
            action => {
                let (owner, words) = (self.owner.clone(), self.words.clone());
                crate::thread("deed", move || deeds::ask(&owner, &words, &action));
            }
        }
    }

    fn switch_login(&mut self) {
        if let Err(message) = autostart::set(&self.app, !self.facts.login) {
            crate::stderr(format_args!("{message}"));
            crate::thread("notice", move || notice::show("Usher", &message));
        }
        self.facts.login = autostart::is_on(&self.app);
    }

    /// Ends the owner after the step it is on, and then this process; a guest has only itself to end.
    fn quit(&self) {
        if !self.owner.is_ours() || self.owner.ask(&Request::Quit).is_err() {
            self.exit();
        }
    }

    /// Ends the window and this process.
    fn exit(&self) {
        self.window.tell(&Order::Quit);
        self.owner.close();
        self.app.exit(0);
    }
}
