### Every sentence of the window. Names and rule titles arrive already made safe.

## The window around the views

shell-views = Views
shell-tab-activity = Activity
shell-tab-rules = Rules
shell-tab-status = Status
shell-search-activity = Search activity
shell-search-rules = Search rules
shell-search-clear = Clear the search
shell-state-watching = Watching
shell-state-paused = Paused
shell-state-needs-you = Needs you
shell-state-unlinked = Not connected
shell-state-title = Usher: { $state }
shell-unlinked = Usher is not answering.
shell-unlinked-hint = This window connects again by itself as soon as it does.
shell-retry = Try again
shell-loading = Loading…
shell-dismiss = Dismiss
shell-close = Close
shell-announce-run =
    { $count ->
        [one] { $rules }: one step done
       *[other] { $rules }: { $count } steps done
    }

## Moments

time-just-now = just now
time-today = Today
time-yesterday = Yesterday

## Activity

activity-title = Activity
activity-attention = Needs you
activity-empty = Nothing has happened yet
activity-empty-hint = As soon as a rule acts on a file, it is listed here and can be undone.
activity-empty-first-run = Usher has no rules yet, so it touches nothing. Rules say what to do with which files.
activity-open-rules = Open Rules
activity-open-status = Open Status
activity-nothing-found = Nothing found for { $text }
activity-nothing-found-hint = The search looks at file names, folders, rules and actions.
activity-unreadable = The journal cannot be read
activity-more = Show older
activity-step-count =
    { $count ->
        [one] one step
       *[other] { $count } steps
    }
activity-steps-left =
    { $count ->
        [one] One more step is in the journal.
       *[other] { $count } more steps are in the journal.
    }
activity-to = to
activity-becomes = becomes
activity-undid = Undid { $rules }
activity-undid-run = Undid run { $run }
activity-redid = Redid { $rules }
activity-redid-run = Redid run { $run }
activity-why = Why?
activity-reveal = Show in folder
activity-show-run = Show
activity-yes = Go on
activity-no = Leave them
activity-more-like-it =
    { $count ->
        [one] and one more like it
       *[other] and { $count } more like it
    }
activity-undo-step = Undo
activity-redo-step = Redo
activity-undo-run =
    { $count ->
        [one] Undo this step
       *[other] Undo all { $count } steps
    }
activity-redo-run = Redo
activity-nothing-to-undo = There is nothing to undo here.
activity-undo-done =
    { $count ->
        [one] Undone.
       *[other] { $count } steps undone.
    }
activity-redo-done =
    { $count ->
        [one] Done again.
       *[other] { $count } steps done again.
    }
activity-undo-refused =
    { $count ->
        [one] One step was left as it is:
       *[other] { $count } steps were left as they are:
    }
activity-undo-rename = Undo under a free name
activity-undo-rename-hint = Puts the file back beside the one that took its place, under another name.
activity-state-intended = In progress
activity-state-failed = Failed
activity-state-undone = Undone
activity-state-irreversible = Cannot be undone
activity-failed-count = { $count } failed

activity-action-archive = Packed
activity-action-confirm = Asked
activity-action-copy = Copied
activity-action-delete = Deleted for good
activity-action-echo = Said
activity-action-extract = Unpacked
activity-action-hardlink = Hard-linked
activity-action-move = Moved
activity-action-notify = Notified
activity-action-open = Opened
activity-action-python = Ran Python
activity-action-rename = Renamed
activity-action-reveal = Shown in folder
activity-action-shell = Ran a command
activity-action-symlink = Linked
activity-action-tag = Tagged
activity-action-trash = Moved to trash
activity-action-write = Wrote

## Why

why-title = Why?
why-places = Which place
why-place-now = Where it is now
why-place-other = Where it was
why-not-there = Nothing is at this place now.
why-history = What happened to it
why-rules = What each rule says about it now
why-no-rule = No rule looks at this place.
why-elsewhere =
    { $count ->
        [one] One rule does not look here
       *[other] { $count } rules do not look here
    }
why-matches = Would act
why-filtered-out = Turned away
why-not-covered = Not here
why-disabled = Off
why-already-handled = Done before
why-saw = Saw:
why-would = It would:
why-last-acted = Last acted on it
why-outcome-match = Matches
why-outcome-no-match = Does not match
why-outcome-error = Could not tell
why-outcome-not-reached = Was not asked

## Rules

rules-title = Rules
rules-count = { $enabled } of { $total } rules on
rules-open-folder = Open the rules folder
rules-unreadable = The rules cannot be read
rules-nothing-found = No rule found for { $text }
rules-none-in-file = There is no rule in this file.
rules-loaded = loaded
rules-digest = Running version: { $digest }
rules-edit = Edit
rules-stale = An older version is running.
rules-stale-hint = The file has a mistake; the rules below are those of its last good version.
rules-error = Error
rules-warning = Warning
rules-switch = Run { $rule }
rules-in = In
rules-when = If
rules-wakes = When
rules-while = Only while
rules-then = Then
rules-last-fired = Last acted
rules-never-fired = Has not acted yet
rules-steps-done =
    { $count ->
        [one] one step in all
       *[other] { $count } steps in all
    }
rules-preview = Preview
rules-preview-hint = Lists what the rule would do now. Nothing is touched.
rules-preview-label = Preview { $rule }
rules-run = Run now
rules-run-hint = Runs the rule over everything in its folders.
rules-run-label = Run { $rule } now
rules-trial-nothing = Nothing to do: no file matches.
rules-trial-would =
    { $count ->
        [one] It would take one step:
       *[other] It would take { $count } steps:
    }
rules-trial-done =
    { $count ->
        [one] Done with one file.
       *[other] Done with { $count } files.
    }
rules-trial-failed = { $count } failed.
rules-first-title = Show every file to its seat
rules-first-text = Rules say what happens to which files. You have none yet, and Usher touches nothing until you switch one on.
rules-first-file = A few ready-made rules, in a text file that you can read and change.
rules-first-off = Every one of them is switched off. Preview it, then decide.
rules-first-sandbox = A folder with sample files to try them on, away from your own.
rules-first-create = Create starter rules
rules-starter-made = The starter rules are ready, all of them switched off.
rules-starter-try = Preview one, switch it on, and watch what happens in the folder of samples:

## Status

status-title = Status
status-watching = Watching
status-watching-text =
    { $rules ->
        [one] One rule
       *[other] { $rules } rules
    } { $folders ->
        [one] in one folder.
       *[other] in { $folders } folders.
    } Everything is as it should be.
status-no-rule-on = No rule is switched on, so nothing is touched.
status-paused = Paused
status-paused-open = Until you resume. What happens meanwhile is noted and handled then.
status-paused-until = Until { $time }. What happens meanwhile is noted and handled then.
status-paused-until-day = Until { $time } on { $day }. What happens meanwhile is noted and handled then.
status-needs-you = Needs you
status-attention-count =
    { $count ->
        [one] One thing waits for you. All else goes on.
       *[other] { $count } things wait for you. All else goes on.
    }
status-look = Have a look
status-pause = Pause
status-pause-hour = For 1 hour
status-pause-tomorrow = Until tomorrow
status-pause-until-resumed = Until I resume
status-resume = Resume
status-folders = Folders
status-no-folders = No folder is watched, because no rule is switched on.
status-mode-starting = Starting
status-mode-watching = Watching
status-mode-polling = Looking regularly
status-mode-missing = Not there
status-mode-unreadable = May not be read
status-machine = Machine
status-noun-volume = Drives
status-noun-usb = USB devices
status-noun-power = Power
status-noun-network = Network
status-noun-session = Session
status-noun-idle = Idleness
status-noun-display = Displays
status-noun-unneeded = No rule needs it
status-noun-unavailable = Not available here
status-noun-since = since
status-since-time = since { $time }
status-since-day = since { $day }
status-directories = { $count } folders within
status-last-event = Last event
status-no-event = No event yet
status-last-action = last action
status-rules = Rules:
status-places = Where Usher keeps things
status-place-rules = Rules
status-place-settings = Settings
status-place-journal = Journal
status-place-vault = Vault
status-place-logs = Logs
status-reveal-place = Show in folder: { $place }
status-process = process { $pid }
status-running-since = started
status-unreadable = The status cannot be read

## Settings

settings-title = Settings
settings-launch = Start Usher when I log in
settings-hotkey = Key that opens this window
settings-hotkey-hint = Type it, or record it by pressing the keys. Leave it empty for none.
settings-hotkey-none = None
settings-hotkey-press = Press the keys…
settings-hotkey-record = Record
settings-hotkey-keep = Save
settings-notifications = Rules may show notifications
settings-blur = Hide this window when I click elsewhere
settings-grace = Keep a hidden window ready
settings-grace-hint = It opens at once during that time; afterwards its memory is given back.
settings-grace-none = Not at all
settings-seconds =
    { $count ->
        [one] 1 second
       *[other] { $count } seconds
    }
settings-minutes =
    { $count ->
        [one] 1 minute
       *[other] { $count } minutes
    }
settings-language = Language
settings-theme = Appearance
settings-system = As the system
settings-english = English
settings-french = Français
settings-light = Light
settings-dark = Dark

## Keyboard

sheet-title = Keyboard
sheet-anywhere = Anywhere
sheet-list = In the activity list
sheet-views = Activity, Rules, Status
sheet-search = Search
sheet-escape = Close what is on top, then the window
sheet-help = This list
sheet-move = Move through the list
sheet-fold = Unfold or fold a run
sheet-open = Show in folder; unfold a run
sheet-undo = Undo
sheet-why = Why?
