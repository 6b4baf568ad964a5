### Every sentence of the window. Names and rule titles arrive already made safe.

## The window around the views

shell-views = Views
shell-tab-activity = Activity
shell-tab-rules = Rules
shell-tab-status = Status
shell-search = Find anything; > for commands
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
shell-pick-folder = Choose a folder
shell-unseen = Holds characters that do not show. As it really is:
shell-announce-done =
    { $count ->
        [0] Nothing done.
        [one] One step done.
       *[other] { $count } steps done.
    }
shell-announce-failed =
    { $count ->
        [one] One failed.
       *[other] { $count } failed.
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
activity-narrowed = Only runs with { $text }
activity-show-all = Show all
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
activity-steps-more = Show more
activity-steps-earlier = Show earlier ones
activity-to = to
activity-becomes = becomes
activity-undid = Undid { $rules }
activity-undid-run = Undid run { $run }
activity-redid = Redid { $rules }
activity-redid-run = Redid run { $run }
activity-why = Why?
activity-reveal = Show in folder
activity-open = Open
activity-retry = Try again
activity-retry-done =
    { $count ->
        [one] It worked this time.
       *[other] It worked this time, for { $count } files.
    }
activity-retry-failed =
    { $count ->
        [one] { $done ->
            [0] It failed again.
           *[other] { $done } done; one failed again.
        }
       *[other] { $done ->
            [0] It failed again, for { $count } files.
           *[other] { $done } done; { $count } failed again.
        }
    }
activity-retry-asks = The rule asks before it goes on.
activity-retry-nothing = The rule does not match it any more. Nothing was done.
activity-show-run = Show
activity-needs-question = { $rule } asks
activity-needs-limit =
    { $held ->
        [one] { $rule } has acted on { $limit } and wants to act on one more file. Let it?
       *[other] { $rule } has acted on { $limit } and wants to act on { $held } more files. Let it?
    }
activity-needs-internal = A mistake in Usher itself
activity-needs-internal-hint = Look into the log, and please report it.
activity-needs-journal = The journal cannot be written
activity-needs-journal-hint = See whether the disk is full. Nothing is done until the journal can be written.
activity-needs-journal-damaged = The journal is damaged
activity-needs-journal-damaged-hint = Quit Usher and start it again: it sets a damaged journal aside, never removes it, and begins a new one.
activity-needs-journal-set-aside = The journal was damaged and has been set aside
activity-needs-journal-set-aside-hint = What was done before can be read there and is not lost. It cannot be undone from here.
activity-needs-rules-folder = The rules folder cannot be read
activity-needs-rules-folder-hint = Give yourself the right to read it: it is read again at once.
activity-needs-rule-problem = A mistake in { $name }
activity-needs-settings = A mistake in the settings
activity-needs-folder = The folder { $name } is not there
activity-needs-folder-hint = Make it, plug its drive in, or change the rule.
activity-needs-folder-unreadable = The folder { $name } may not be read
activity-needs-folder-unreadable-hint = Change its permissions, or the rule.
activity-needs-loop = Rules would have gone on for ever with { $name }, and leave it where it is
activity-needs-failed-step = { $rule } failed at { $name }
activity-needs-failed-filter = { $rule } could not tell what to do with { $name }
activity-needs-failed-location = { $rule } could not find its folder
activity-needs-failed-location-hint = See what the rule waits for: only that brings the placeholder along.
activity-needs-recovered = Usher was stopped in the middle of a run, and has seen to its open steps
activity-needs-recovered-hint = Look at the files named there.
activity-needs-notifications = Notifications cannot be shown here
activity-needs-notifications-hint = What rules have to say is in Activity. Start a notification service to see it.
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
activity-stop-run = Stop this run
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
activity-undo-goes-on = Undo
activity-undo-progress = { $count } of { $of } steps taken back
activity-undo-progress-of = How far the undo has come
activity-state-intended = In progress
activity-state-failed = Failed
activity-state-partly = Not all of it
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
why-stopped = Kept from it
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
rules-listing = List the rules
rules-by-file = By file
rules-by-folder = By folder
rules-no-folder = No folder
rules-in-folder =
    { $count ->
        [one] one rule
       *[other] { $count } rules
    }
rules-open-folder = Open the rules folder
rules-unreadable = The rules cannot be read
rules-none-in-file = There is no rule in this file.
rules-loaded = loaded
rules-digest = Running version: { $digest }
rules-edit = Edit
rules-edit-label = Edit { $rule }
rules-open-outside = Open in your editor
rules-new = New rule
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
rules-mute-label = Show no notifications of { $rule }
rules-unmute-label = Show the notifications of { $rule } again
rules-undo-label = Undo what { $rule } did
rules-run = Run now
rules-run-hint = Says first what the rule would do to everything in its folders, and does it if you agree.
rules-run-label = Run now: { $rule }
rules-trial-nothing = Nothing to do: no file matches.
rules-trial-go = Do it
rules-trial-done =
    { $count ->
        [one] Done with one file.
       *[other] Done with { $count } files.
    }
rules-progress =
    { $count ->
        [one] One file so far
       *[other] { $count } files so far
    }
rules-progress-share = about { $percent } % looked through
rules-progress-of = How far { $rule } has come
rules-progress-begin = Looking through the folders…
rules-stop = Stop
rules-stop-hint = What is done stays done, and can be undone.
rules-go-to-line = Go to line { $line }
rules-trial-cut-short = It was stopped before the end.
rules-trial-failed = { $count } failed.
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
status-clock = Clock
status-due-day = { $day }, { $time }
status-chords = Key chords
status-noun-unneeded = No rule needs it
status-noun-unavailable = Not available here
status-noun-since = changed
status-since-time = since { $time }
status-since-day = since { $day }
status-fact-none = none
status-fact-volume = { $name } at { $beside }
status-fact-named = { $name }
status-fact-percent = { $number } %
status-fact-connection = { $name } ({ $beside })
status-fact-in-use = in use
status-fact-unused =
    { $number ->
        [one] not used for a second
       *[other] not used for { $number } seconds
    }
status-directories = { $count } folders within
status-last-event = Last event
status-no-event = No event yet
status-overflowed = The system dropped events, and everything was looked at again:
status-last-action = last action
status-rules = Rules:
status-events = Events
status-events-about = everything Usher sees, as it sees it
status-events-none = Listening. As soon as something happens, it is listed here.
status-events-count =
    { $count ->
        [one] one event
       *[other] { $count } events
    }
status-events-clear = Clear
status-play-title = Play an event
status-play-about = to try a rule without unplugging anything
status-play-event = Event
status-play-sim = See what would happen
status-play-no-sim = What comes of a file shows when it is there; use the preview of the rule instead.
status-play = Let it happen
status-played = Played. What the rules make of it is in Activity.
# A rule that waits for the event that was played, and does not act on it. $guard is the condition in the words of the rule file.
status-held-back-guard = { $rule } does not act: { $guard } is not so.
status-held-back-unknown = { $rule } waits: nobody can tell yet whether { $guard }.
status-held-back-cooldown =
    { $seconds ->
        [one] { $rule } does not act: it has acted a moment ago and rests for { $seconds } second.
       *[other] { $rule } does not act: it has acted a moment ago and rests for { $seconds } seconds.
    }
status-event-held-back = Rule held back
status-play-nothing = No rule would do anything.
status-unreadable = The status cannot be read

## Settings

settings-title = Settings
settings-unreadable = The settings cannot be read
settings-launch = Start Usher when I log in
settings-hotkey = Key that opens this window
settings-hotkey-hint = Type it, or record it by pressing the keys. Leave it empty for none.
settings-hotkey-none = None
settings-hotkey-press = Press the keys…
settings-hotkey-record = Record
settings-hotkey-keep = Save
settings-hotkey-clash = The key that opens this window does not work.
settings-notifications = Rules may show notifications
settings-quiet = Quiet hours
settings-quiet-hint = Notifications that come meanwhile are gathered, and shown as one at the end.
settings-muted = Muted rules
settings-muted-hint = Rules whose notifications are not shown. They act all the same.
settings-muted-none = None
settings-quiet-none = None
settings-quiet-daily = Every day
settings-quiet-from = Quiet from
settings-quiet-to = Quiet until
settings-digest = Digest
settings-digest-hint = One notification a day that says what was done since the last one; none where nothing was.
settings-digest-none = None
settings-digest-at = Time of the digest
settings-keeping = What Usher remembers
settings-keep-days = Keep runs
settings-keep-days-hint = What is older is not listed any more, and cannot be undone.
settings-keep-ever = For ever
settings-days =
    { $count ->
        [one] 1 day
       *[other] { $count } days
    }
settings-vault-size = Size of the vault
settings-vault-size-hint = The vault holds what a rule has replaced. When it is full, the oldest goes first.
settings-vault-any = Any size
settings-space-used = In use now: { $journal } for the journal, { $vault } in the vault.
settings-gives-up-runs =
    { $runs ->
        [one] One run would be forgotten,
       *[other] { $runs } runs would be forgotten,
    } { $steps ->
        [one] with one step. It could not be undone any more.
       *[other] with { $steps } steps. They could not be undone any more.
    }
settings-gives-up-things =
    { $count ->
        [one] One replaced file would go from the vault for good: { $size }.
       *[other] { $count } replaced files would go from the vault for good: { $size }.
    }
settings-gives-up-files = Your own files stay as and where they are.
settings-keep-all = Keep everything
settings-give-up = Free the space
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
settings-places = Where Usher keeps things
settings-place-rules = Rules
settings-place-settings = Settings
settings-place-journal = Journal
settings-place-intents = Intents
settings-place-vault = Vault
settings-place-good-rules = Last good rules
settings-place-memory = Pause and dismissals
settings-place-window = Window size
settings-place-logs = Logs
settings-place-socket = Control socket
settings-place-desktop-socket = Tray socket
settings-place-lock = Lock
settings-place-autostart = Launch at login
settings-place-webview = Web engine
settings-reveal-place = Show in folder: { $place }
settings-about = About
settings-about-text = Free software under the MIT licence or the Apache licence 2.0, whichever you like better.
settings-process = process { $pid }
settings-running-since = started

## Keyboard

sheet-title = Keyboard
sheet-anywhere = Anywhere
sheet-list = In the activity list
sheet-form = On a condition or an action
sheet-carry = Move it up or down
sheet-carry-group = Into the group beside it, or out of its group
sheet-views = Activity, Rules, Status, Settings
sheet-search = Search
sheet-commands = Commands
sheet-save = Save the rule
sheet-escape = Close what is on top, then the window
sheet-help = This list
sheet-move = Move through the list
sheet-fold = Unfold or fold a run
sheet-open = Show in folder; unfold a run
sheet-open-file = Open the file
sheet-undo = Undo, after a look at what that would do
sheet-retry = Try a failed step again
sheet-why = Why?
sheet-rules = In the list of rules
sheet-edit-rule = Edit the rule
sheet-preview-rule = See what it would do
sheet-switch-rule = Switch it on or off

## The palette: what the field on top finds

palette-title = Found
palette-commands = Commands
palette-rules = Rules
palette-settings = Settings
palette-folders = Folders
palette-runs = Runs
palette-files = Files
palette-nothing = There is no command { $text }.
palette-narrow = Show only { $text } in the activity
palette-rule-off = { $file }, off
palette-run = Run { $run }: { $rules }
palette-hint-move = choose
palette-hint-open = open or do
palette-hint-reveal = show in folder
palette-hint-commands = commands
palette-hint-clear = clear, then close
palette-undo-last = Undo the last run
palette-redo = Redo what was undone last
palette-undo-since = Undo everything since a moment
palette-undo-rule = Undo what { $rule } did
palette-undo-run = Undo run { $run }
palette-redo-run = Redo what run { $run } undid
palette-pause-hour = Pause for 1 hour
palette-pause-tomorrow = Pause until tomorrow
palette-pause-until-resumed = Pause until I resume
palette-resume = Resume
palette-open-activity = Open Activity
palette-open-rules = Open Rules
palette-open-status = Open Status
palette-open-settings = Open Settings
palette-sheet = Show the keyboard shortcuts
palette-answer-yes = Answer { $rule } with yes: go on
palette-answer-no = Answer { $rule } with no
palette-stop-run = Stop { $rule }
palette-retry-rule = Try again what { $rule } failed on
palette-events = Show what happens, event by event
palette-ready = New rule: { $rule }
palette-new-rule = Write a new rule
palette-rules-folder = Open the rules folder
palette-preview-rule = Preview { $rule }
palette-run-rule = Run { $rule } now
palette-switch-on = Switch { $rule } on
palette-switch-off = Switch { $rule } off

## Writing rules

editor-title = Rules in { $file }
editor-back = Back to the rules
editor-changed = not saved
editor-ways = Ways to write
editor-form = Form
editor-source = Source
editor-save = Save
editor-save-broken = Save with mistakes
editor-saved = Saved. The rules are running.
editor-saved-broken = Saved. The last version without mistakes goes on running.
editor-leaving = This draft is not saved.
editor-stay = Keep writing
editor-discard = Throw the draft away
editor-outside = Another program has changed this file.
editor-outside-hint = Nothing was overwritten. Which of the two is to stay?
editor-keep-mine = Keep my draft
editor-take-theirs = Take the new file
editor-gone = This file is not there any more.
editor-gone-hint = It was deleted, moved or renamed elsewhere, and its rules do not run. The draft is still here.
editor-write-again = Write it again
editor-rule = Rule
editor-rule-nr = Rule { $nr }
editor-name = Name
editor-enabled = Switched on
editor-places = Folders to look in
editor-place-nr = Folder { $nr }
editor-choose-place = Choose a folder…
editor-add-place = Type a folder
editor-when = When
editor-when-none = Files in its folders, as they come or change.
editor-add-when = Wait for something else…
editor-while = Only while
editor-while-none = Always.
editor-add-while = Only while…
editor-filters = If
editor-actions = Then
editor-no-filter = Without a condition, the rule takes every file.
editor-add-filter = Add a condition…
editor-add-action = Add an action…
editor-in-source = Written in a way that only the source shows.
editor-no-form = This text is not a list of rules, so there is no form for it.
editor-to-source = Open the source
editor-not = not
editor-not-hint = Turns the condition round
editor-value = What { $name } is told
editor-add-param = What else { $name } is told
editor-options = Besides
editor-add-option = What else this rule is told
editor-more = More…
editor-variables = Put in
editor-variables-for = What can be put into { $name }
editor-up = Move up
editor-down = Move down
editor-carry = Move { $name }
editor-carry-hint = Drag it, or use Alt with the arrows
editor-moved-in-group = Now at place { $nr } of { $count } in a group
editor-remove = Remove
editor-moved = Now at place { $nr } of { $count }
editor-source-label = The text of the rule file
editor-source-failed = The text editor could not be loaded. Open the file in your own editor instead.
editor-problems = Mistakes and warnings
editor-preview = Preview
editor-preview-hint = on your folders as they are now; nothing is touched
editor-preview-broken = As soon as the mistakes are mended, what the rule would do shows here.
editor-needs-drive = This rule waits for a drive. Choose one, or any folder in its stead, to see what it would do.
editor-choose-drive = Choose a drive…
editor-needs-event = This rule asks for what only an event brings along. Play one in Status to see what it would do.
editor-preview-code = A condition of this rule is code. Usher runs it only if you say so.
editor-preview-run-code = Run it for the preview
editor-preview-sum =
    { $steps ->
        [0] It would do nothing now.
        [one] It would take one step.
       *[other] It would take { $steps } steps.
    } { $passed ->
        [0] {""}
        [one] One file stays where it is.
       *[other] { $passed } files stay where they are.
    }
editor-conflict-new-name = The name is taken there: it gets another one
editor-conflict-moves-aside = The name is taken there: what has it gets another one
editor-conflict-replaces = The name is taken there: what has it is replaced; an undo brings it back
editor-conflict-trashes = The name is taken there: what has it goes to the trash
editor-conflict-stays = The name is taken there: it stays where it is
editor-conflict-same = The same is there already: it stays where it is
editor-preview-cut = There is more than is shown.
editor-preview-would = Steps it would take
editor-preview-passed = Left alone

## Ready-made rules

gallery-title = Ready-made rules
gallery-text = Choose one to see what it would do in your own folders. It does nothing until you switch it on and save it.
gallery-new-rule = New rule
gallery-screenshots = Screenshots by month
gallery-screenshots-about = From the desktop into a folder for each month.
gallery-screenshots-folder = Screenshots
gallery-invoices = Invoices by their text
gallery-invoices-about = PDF files that speak of an invoice, into a folder for each year.
gallery-invoices-folder = Invoices
gallery-photos = Photos by date
gallery-photos-about = By the day the camera wrote into them.
gallery-documents = Documents
gallery-documents-about = Letters, tables and slides, out of the downloads.
gallery-archives = Unpack archives
gallery-archives-about = Into a folder of their own; the archive goes to the trash.
gallery-installers = Old installers
gallery-installers-about = To the trash after two weeks.
gallery-old-downloads = Old downloads
gallery-old-downloads-about = To the trash after two months; asks before more than a hundred.
gallery-old-downloads-limit = More than this at once, and Usher asks first.
gallery-duplicates = Second copies
gallery-duplicates-about = The newer of two files with the same bytes, to the trash.
gallery-empty-folders = Empty folders
gallery-empty-folders-about = To the trash, from the inside out.
gallery-camera = Import from the camera
gallery-camera-about = Pictures by date, as soon as the camera or its card is plugged in.
gallery-camera-drives = Every drive with pictures as cameras keep them; `label: EOS_DIGITAL` beside it names one.
gallery-backup = Back up on a drive
gallery-backup-about = Copies your documents to a drive each time it is plugged in.
gallery-backup-label = What your drive is called.
gallery-music = Music
gallery-music-about = To the music folder.
gallery-videos = Videos
gallery-videos-about = To the videos folder.
gallery-big-files = Big downloads
gallery-big-files-about = A notification for everything above a gigabyte.
gallery-big-files-notice = {"{"}path.name{"}"} is large

## Taking back: what an undo would do, before it does

undo-title = Undo what was done
undo-title-rule = Undo what { $rule } did
undo-since = Since
undo-since-hour = an hour ago
undo-since-today = the beginning of today
undo-since-yesterday = the beginning of yesterday
undo-since-week = a week ago
undo-since-ever = the beginning
undo-since-moment = another moment
undo-since-choose = Choose a moment.
undo-since-nothing = Nothing was done since then that could be taken back.
undo-looking = Seeing what can be taken back…
undo-nothing = Nothing of this can be taken back now.
undo-would-undo =
    { $count ->
        [one] One step would be taken back:
       *[other] { $count } steps would be taken back:
    }
undo-would-redo =
    { $count ->
        [one] One step would be done again:
       *[other] { $count } steps would be done again:
    }
undo-would-leave =
    { $count ->
        [one] One step would be left as it is:
       *[other] { $count } steps would be left as they are:
    }
undo-more = and { $count } more
undo-runs = Runs the command
undo-taken-away = is taken away again
undo-text-back = gets its earlier text back
undo-tags-back = gets its earlier tags back
undo-go-undo = Undo
undo-go-redo = Redo
undo-cancel = Cancel
undo-free-names = Use free names

## What rules wait for, and what they want to be so

occasion-files = Files
occasion-event = { $noun }: { $word }
occasion-folder = Folder
occasion-file-created = is new
occasion-file-closed = was written and closed
occasion-file-written = is being written
occasion-file-moved-in = was moved here
occasion-file-gone = is gone
occasion-folder-rescan = is looked at again
occasion-level = reaches a level
occasion-due = is due
occasion-pressed = is pressed
occasion-back = somebody is back
occasion-volume = Drive
occasion-usb = USB device
occasion-power = Power
occasion-battery = Battery charge
occasion-network = Network
occasion-session = Session
occasion-idle = Idleness
occasion-display = Display
occasion-schedule = Schedule
occasion-hotkey = Key chord
occasion-started = Start
occasion-mounted = mounted
occasion-unmounted = unmounted
occasion-attached = plugged in
occasion-detached = unplugged
occasion-ac = on mains power
occasion-on-battery = on battery
occasion-online = online
occasion-offline = offline
occasion-connected = connected
occasion-disconnected = disconnected
occasion-locked = locked
occasion-unlocked = unlocked
occasion-suspend = goes to sleep
occasion-resume = wakes up
occasion-shutdown = is shut down
occasion-login = logged in
occasion-changed = come or change
occasion-started-usher = of Usher
occasion-started-rules = of these rules
occasion-schedule-way = Kind of schedule
occasion-schedule-at = At
occasion-schedule-at-hint = Times of day, or dates with a time, with commas between them: 09:00, 2026-12-24 18:30
occasion-schedule-every = Every
occasion-schedule-cron = By a cron line
occasion-schedule-cron-hint = Minute, hour, day, month and weekday
occasion-missed = What was missed while Usher was off
occasion-missed-run-once = is made up for once
occasion-missed-run-all = is made up for one by one
occasion-missed-skip = is left out
occasion-idle-for = nobody there for
occasion-idle-back = somebody is back after
occasion-idle-time = How long
occasion-battery-below = below
occasion-battery-above = above
occasion-more = What else is said of { $noun }
occasion-yes = yes
occasion-no = no

## The first day

first-steps = Steps
first-step-welcome = What Usher does
first-step-choose = A folder and a rule
first-step-preview = What it would do
first-title = Show every file to its seat
first-text = Usher watches folders and does what your rules say. You have no rules yet, and Usher touches nothing until you switch one on.
first-promise-rules = A rule says which files go where: invoices by year, photos by date, old downloads to the trash.
first-promise-preview = You see what it would do in your own folders before it does anything.
first-promise-undo = Every step is written down, and can be undone.
first-begin = Choose a first rule
first-otherwise = Or:
first-samples = try rules on sample files
first-samples-hint = Writes a few rules, all of them switched off, and a folder with samples to try them on, away from your own files.
first-own = write your own
first-folder = Which folder?
first-folder-of-drive = The drive itself
first-rule = What is to happen?
first-back = Back
first-look = See what it would do
first-preview-text = With your folder as it is now. Nothing has happened yet.
first-preview-nothing = Nothing to do at the moment. Once switched on, it acts on what comes.
first-change = Change it first
first-enable = Switch it on
first-enable-unseen = Switch it on unseen
first-unseen = You have not seen what this rule would do. Once switched on, it acts as soon as what it waits for is there.
first-enabled = The rule is on. What it does is listed here, and can be undone.

## The chart above the activity

chart-title = What was done in the last { $days } days
chart-sum =
    { $count ->
        [one] One file in { $days } days
       *[other] { $count } files in { $days } days
    }
chart-look = Look at a day
chart-day =
    { $count ->
        [one] { $day }: one file
       *[other] { $day }: { $count } files
    }
chart-rules = By rule

## Keys, as they are printed on them

key-alt = Alt
key-backspace = Backspace
key-ctrl = Ctrl
key-delete = Delete
key-end = End
key-enter = Enter
key-escape = Esc
key-home = Home
key-insert = Insert
key-page-down = Page Down
key-page-up = Page Up
key-shift = Shift
key-space = Space
key-tab = Tab
