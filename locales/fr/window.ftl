### Toutes les phrases de la fenêtre. Les noms et les titres de règles arrivent déjà rendus sûrs.

## La fenêtre autour des vues

shell-views = Vues
shell-tab-activity = Activité
shell-tab-rules = Règles
shell-tab-status = État
shell-search = Tout trouver ; > pour les commandes
shell-search-clear = Effacer la recherche
shell-state-watching = À l’œuvre
shell-state-paused = En pause
shell-state-needs-you = À voir
shell-state-unlinked = Déconnecté
shell-state-title = Usher : { $state }
shell-unlinked = Usher ne répond pas.
shell-unlinked-hint = Cette fenêtre se reconnecte d’elle-même dès qu’il répond.
shell-retry = Réessayer
shell-loading = Chargement…
shell-dismiss = Masquer
shell-close = Fermer
shell-pick-folder = Choisir un dossier
shell-unseen = Contient des caractères qui ne se voient pas. En réalité :
shell-announce-done =
    { $count ->
        [0] Rien n’a été fait.
        [one] Une étape effectuée.
       *[other] { $count } étapes effectuées.
    }
shell-announce-failed =
    { $count ->
        [one] Une étape a échoué.
       *[other] { $count } étapes ont échoué.
    }

## Moments

time-just-now = à l’instant
time-today = Aujourd’hui
time-yesterday = Hier

## Activité

activity-title = Activité
activity-attention = À voir
activity-empty = Rien ne s’est encore passé
activity-empty-hint = Dès qu’une règle agit sur un fichier, c’est noté ici et peut être annulé.
activity-empty-first-run = Usher n’a pas encore de règle et ne touche donc à rien. Les règles disent quoi faire de quels fichiers.
activity-open-rules = Voir les règles
activity-open-status = Voir l’état
activity-nothing-found = Rien trouvé pour { $text }
activity-nothing-found-hint = La recherche porte sur les noms de fichiers, les dossiers, les règles et les actions.
activity-narrowed = Seulement les séries avec { $text }
activity-show-all = Tout afficher
activity-unreadable = Le journal est illisible
activity-more = Afficher plus ancien
activity-step-count =
    { $count ->
        [one] une étape
       *[other] { $count } étapes
    }
activity-steps-left =
    { $count ->
        [one] Une autre étape est dans le journal.
       *[other] { $count } autres étapes sont dans le journal.
    }
activity-steps-more = Afficher la suite
activity-steps-earlier = Afficher les précédentes
activity-to = vers
activity-becomes = devient
activity-undid = Annulation : { $rules }
activity-undid-run = Annulation de la série { $run }
activity-redid = Rétablissement : { $rules }
activity-redid-run = Rétablissement de la série { $run }
activity-why = Pourquoi ?
activity-reveal = Afficher dans le dossier
activity-open = Ouvrir
activity-retry = Réessayer
activity-retry-done =
    { $count ->
        [one] Cette fois, cela a réussi.
       *[other] Cette fois, cela a réussi, pour { $count } fichiers.
    }
activity-retry-failed =
    { $count ->
        [one] { $done ->
            [0] Cela a encore échoué.
            [one] Un fichier traité ; un autre a encore échoué.
           *[other] { $done } fichiers traités ; un autre a encore échoué.
        }
       *[other] { $done ->
            [0] Cela a encore échoué, pour { $count } fichiers.
            [one] Un fichier traité ; { $count } ont encore échoué.
           *[other] { $done } fichiers traités ; { $count } ont encore échoué.
        }
    }
activity-retry-asks = La règle pose une question avant de continuer.
activity-retry-nothing = La règle ne le concerne plus. Rien n’a été fait.
activity-show-run = Afficher
activity-needs-question = { $rule } pose une question
activity-needs-limit =
    { $held ->
        [one] { $rule } a agi sur { $limit } fichiers et voudrait agir sur un de plus. Continuer ?
       *[other] { $rule } a agi sur { $limit } fichiers et voudrait agir sur { $held } de plus. Continuer ?
    }
activity-needs-internal = Une erreur d’Usher lui-même
activity-needs-internal-hint = Regardez le journal technique, et signalez-le s’il vous plaît.
activity-needs-journal = Le journal ne peut pas être écrit
activity-needs-journal-hint = Voyez si le disque est plein. Rien n’est fait tant que le journal ne peut pas être écrit.
activity-needs-journal-damaged = Le journal est abîmé
activity-needs-journal-damaged-hint = Quittez Usher et relancez-le : il met de côté un journal abîmé, sans jamais le supprimer, et en commence un nouveau.
activity-needs-journal-set-aside = Le journal était abîmé et a été mis de côté
activity-needs-journal-set-aside-hint = Ce qui a été fait avant y reste lisible et n’est pas perdu, mais ne peut plus être annulé d’ici.
activity-needs-rules-folder = Le dossier des règles ne peut pas être lu
activity-needs-rules-folder-hint = Donnez-vous le droit de le lire : il est relu aussitôt.
activity-needs-rule-problem = Une erreur dans { $name }
activity-needs-settings = Une erreur dans les réglages
activity-needs-folder = Le dossier { $name } est absent
activity-needs-folder-hint = Créez-le, branchez son disque ou changez la règle.
activity-needs-folder-unreadable = Le dossier { $name } ne peut pas être lu
activity-needs-folder-unreadable-hint = Changez ses droits, ou la règle.
activity-needs-loop = Des règles auraient continué sans fin avec { $name }, et le laissent où il est
activity-needs-failed-step = { $rule } a échoué sur { $name }
activity-needs-failed-filter = { $rule } n’a pas pu décider de { $name }
activity-needs-failed-location = { $rule } n’a pas trouvé son dossier
activity-needs-failed-location-hint = Voyez ce que la règle attend : cela seul apporte ce qu’elle demande.
activity-needs-recovered = Usher a été arrêté au milieu d’une série et a réglé ses étapes ouvertes
activity-needs-recovered-hint = Regardez les fichiers nommés là.
activity-needs-notifications = Les notifications ne peuvent pas être affichées ici
activity-needs-notifications-hint = Ce que les règles ont à dire est dans Activité. Lancez un service de notifications pour le voir.
activity-yes = Continuer
activity-no = Ne rien faire
activity-more-like-it =
    { $count ->
        [one] et un autre du même genre
       *[other] et { $count } autres du même genre
    }
activity-undo-step = Annuler
activity-redo-step = Rétablir
activity-undo-run =
    { $count ->
        [one] Annuler cette étape
       *[other] Annuler les { $count } étapes
    }
activity-redo-run = Rétablir
activity-stop-run = Arrêter cette série
activity-nothing-to-undo = Il n’y a rien à annuler ici.
activity-undo-done =
    { $count ->
        [one] Annulé.
       *[other] { $count } étapes annulées.
    }
activity-redo-done =
    { $count ->
        [one] Rétabli.
       *[other] { $count } étapes rétablies.
    }
activity-undo-refused =
    { $count ->
        [one] Une étape est restée telle quelle :
       *[other] { $count } étapes sont restées telles quelles :
    }
activity-undo-rename = Annuler sous un nom libre
activity-undo-rename-hint = Remet le fichier à côté de celui qui a pris sa place, sous un autre nom.
activity-undo-goes-on = Annulation
activity-undo-progress = { $count } étapes sur { $of } annulées
activity-undo-progress-of = Avancement de l’annulation
activity-state-intended = En cours
activity-state-failed = Échec
activity-state-partly = Pas en entier
activity-state-undone = Annulé
activity-state-irreversible = Irréversible
activity-failed-count =
    { $count ->
        [one] { $count } échec
       *[other] { $count } échecs
    }

activity-action-archive = Archivé
activity-action-confirm = Demandé
activity-action-copy = Copié
activity-action-delete = Supprimé définitivement
activity-action-echo = Dit
activity-action-extract = Extrait
activity-action-hardlink = Lié en dur
activity-action-move = Déplacé
activity-action-notify = Notifié
activity-action-open = Ouvert
activity-action-python = Python exécuté
activity-action-rename = Renommé
activity-action-reveal = Affiché dans le dossier
activity-action-shell = Commande exécutée
activity-action-symlink = Lié
activity-action-tag = Étiqueté
activity-action-trash = Mis à la corbeille
activity-action-write = Écrit

## Pourquoi

why-title = Pourquoi ?
why-places = Quel endroit
why-place-now = Où il est
why-place-other = Où il était
why-not-there = Il n’y a rien à cet endroit maintenant.
why-history = Ce qui lui est arrivé
why-rules = Ce que chaque règle en dit maintenant
why-no-rule = Aucune règle ne regarde à cet endroit.
why-elsewhere =
    { $count ->
        [one] Une règle ne regarde pas ici
       *[other] { $count } règles ne regardent pas ici
    }
why-matches = Agirait
why-filtered-out = Écarté
why-not-covered = Pas ici
why-disabled = Inactive
why-already-handled = Déjà traité
why-stopped = Retenu plus haut
why-saw = Vu :
why-would = Elle ferait :
why-last-acted = Dernière action sur lui
why-outcome-match = Correspond
why-outcome-no-match = Ne correspond pas
why-outcome-error = N’a pas pu répondre
why-outcome-not-reached = N’a pas été consulté

## Règles

rules-title = Règles
rules-count =
    { $enabled ->
        [one] { $enabled } règle active sur { $total }
       *[other] { $enabled } règles actives sur { $total }
    }
rules-listing = Classer les règles
rules-by-file = Par fichier
rules-by-folder = Par dossier
rules-no-folder = Aucun dossier
rules-in-folder =
    { $count ->
        [one] une règle
       *[other] { $count } règles
    }
rules-open-folder = Ouvrir le dossier des règles
rules-unreadable = Les règles sont illisibles
rules-none-in-file = Ce fichier ne contient aucune règle.
rules-loaded = chargé
rules-digest = Version en service : { $digest }
rules-edit = Modifier
rules-edit-label = Modifier { $rule }
rules-open-outside = Ouvrir dans votre éditeur
rules-new = Nouvelle règle
rules-stale = Une version plus ancienne est en service.
rules-stale-hint = Le fichier contient une erreur ; les règles ci-dessous sont celles de sa dernière bonne version.
rules-error = Erreur
rules-warning = Avertissement
rules-switch = Activer { $rule }
rules-in = Dans
rules-when = Si
rules-wakes = Quand
rules-while = Seulement si
rules-then = Alors
rules-last-fired = Dernière action
rules-never-fired = N’a pas encore agi
rules-steps-done =
    { $count ->
        [one] une étape en tout
       *[other] { $count } étapes en tout
    }
rules-preview = Aperçu
rules-preview-hint = Liste ce que la règle ferait maintenant. Rien n’est touché.
rules-preview-label = Aperçu de { $rule }
rules-mute-label = Ne plus afficher les notifications de { $rule }
rules-unmute-label = Afficher à nouveau les notifications de { $rule }
rules-undo-label = Annuler ce que { $rule } a fait
rules-run = Exécuter
rules-run-hint = Dit d’abord ce que la règle ferait de tout ce que contiennent ses dossiers, et le fait si vous êtes d’accord.
rules-run-label = Exécuter { $rule } maintenant
rules-trial-nothing = Rien à faire : aucun fichier ne correspond.
rules-trial-go = Le faire
rules-trial-done =
    { $count ->
        [one] Un fichier traité.
       *[other] { $count } fichiers traités.
    }
rules-progress =
    { $count ->
        [one] Un fichier jusqu’ici
       *[other] { $count } fichiers jusqu’ici
    }
rules-progress-share = environ { $percent } % parcourus
rules-progress-of = Avancement de { $rule }
rules-progress-begin = Parcours des dossiers…
rules-stop = Arrêter
rules-stop-hint = Ce qui est fait reste fait, et peut être annulé.
rules-go-to-line = Aller à la ligne { $line }
rules-trial-cut-short = Elle a été arrêtée avant la fin.
rules-trial-failed =
    { $count ->
        [one] { $count } échec.
       *[other] { $count } échecs.
    }
rules-starter-made = Les règles de départ sont prêtes, toutes désactivées.
rules-starter-try = Regardez l’aperçu de l’une d’elles, activez-la et voyez ce qui se passe dans le dossier d’exemples :

## État

status-title = État
status-watching = À l’œuvre
status-watching-text =
    { $rules ->
        [one] Une règle
       *[other] { $rules } règles
    } { $folders ->
        [one] dans un dossier.
       *[other] dans { $folders } dossiers.
    } Tout est en ordre.
status-no-rule-on = Aucune règle n’est active : rien n’est touché.
status-paused = En pause
status-paused-open = Jusqu’à la reprise. Ce qui se passe entre-temps est noté, puis traité.
status-paused-until = Jusqu’à { $time }. Ce qui se passe entre-temps est noté, puis traité.
status-paused-until-day = Jusqu’à { $time }, { $day }. Ce qui se passe entre-temps est noté, puis traité.
status-needs-you = À voir
status-attention-count =
    { $count ->
        [one] Un point vous attend. Tout le reste continue.
       *[other] { $count } points vous attendent. Tout le reste continue.
    }
status-look = Regarder
status-pause = Pause
status-pause-hour = 1 heure
status-pause-tomorrow = Jusqu’à demain
status-pause-until-resumed = Jusqu’à la reprise
status-resume = Reprendre
status-folders = Dossiers
status-no-folders = Aucun dossier n’est surveillé, car aucune règle n’est active.
status-mode-starting = Démarrage
status-mode-watching = Surveillé
status-mode-polling = Regardé régulièrement
status-mode-missing = Absent
status-mode-unreadable = Lecture interdite
status-machine = Machine
status-noun-volume = Disques
status-noun-usb = Appareils USB
status-noun-power = Alimentation
status-noun-network = Réseau
status-noun-session = Session
status-noun-idle = Inactivité
status-noun-display = Écrans
status-clock = Horloge
status-due-day = { $day }, { $time }
status-chords = Raccourcis clavier
status-noun-unneeded = Aucune règle n’en a besoin
status-noun-unavailable = Indisponible ici
status-noun-since = changé
status-since-time = depuis { $time }
status-since-day = depuis le { $day }
status-fact-none = aucun
status-fact-volume = { $name } dans { $beside }
status-fact-named = { $name }
status-fact-percent = { $number } %
status-fact-connection = { $name } ({ $beside })
status-fact-in-use = en usage
status-fact-unused =
    { $number ->
        [one] inutilisé depuis une seconde
       *[other] inutilisé depuis { $number } secondes
    }
status-directories = { $count } dossiers à l’intérieur
status-last-event = Dernier événement
status-no-event = Aucun événement
status-overflowed = Le système a perdu des événements, et tout a été revu :
status-last-action = dernière action
status-rules = Règles :
status-events = Événements
status-events-about = tout ce qu’Usher voit, au moment où il le voit
status-events-none = À l’écoute. Dès qu’il se passe quelque chose, c’est listé ici.
status-events-count =
    { $count ->
        [one] un événement
       *[other] { $count } événements
    }
status-events-clear = Effacer
status-play-title = Jouer un événement
status-play-about = pour essayer une règle sans rien débrancher
status-play-event = Événement
status-play-sim = Voir ce qui se passerait
status-play-no-sim = Ce qu’une règle fait d’un fichier se voit quand il est là ; utilisez plutôt l’aperçu de la règle.
status-play = Le faire vraiment
status-played = Joué. Ce que les règles en font est dans Activité.
# A rule that waits for the event that was played, and does not act on it. $guard is the condition in the words of the rule file.
status-held-back-guard = { $rule } n’agit pas : { $guard } n’est pas le cas.
status-held-back-unknown = { $rule } attend : on ne sait pas encore si { $guard }.
status-held-back-cooldown =
    { $seconds ->
        [one] { $rule } n’agit pas : elle vient d’agir et se repose encore { $seconds } seconde.
       *[other] { $rule } n’agit pas : elle vient d’agir et se repose encore { $seconds } secondes.
    }
status-event-held-back = Règle retenue
status-play-nothing = Aucune règle ne ferait quoi que ce soit.
status-unreadable = L’état est illisible

## Réglages

settings-title = Réglages
settings-unreadable = Les réglages ne peuvent pas être lus
settings-launch = Lancer Usher à l’ouverture de session
settings-hotkey = Touches qui ouvrent cette fenêtre
settings-hotkey-hint = Écrivez-les, ou capturez-les en les pressant. Vide : aucune.
settings-hotkey-none = Aucune
settings-hotkey-press = Pressez les touches…
settings-hotkey-record = Capturer
settings-hotkey-keep = Garder
settings-hotkey-clash = La touche qui ouvre cette fenêtre ne fonctionne pas.
settings-notifications = Les règles peuvent notifier
settings-quiet = Heures calmes
settings-quiet-hint = Les notifications qui arrivent entre-temps sont réunies et affichées en une seule à la fin.
settings-muted = Règles en sourdine
settings-muted-hint = Règles dont les notifications ne sont pas affichées. Elles agissent tout de même.
settings-muted-none = Aucune
settings-quiet-none = Aucune
settings-quiet-daily = Chaque jour
settings-quiet-from = Calme à partir de
settings-quiet-to = Calme jusqu’à
settings-digest = Résumé
settings-digest-hint = Une notification par jour qui dit ce qui a été fait depuis la dernière ; aucune s’il n’y a rien à dire.
settings-digest-none = Aucun
settings-digest-at = Heure du résumé
settings-keeping = Ce dont Usher se souvient
settings-keep-days = Garder les séries
settings-keep-days-hint = Ce qui est plus ancien n’est plus listé et ne peut plus être annulé.
settings-keep-ever = Toujours
settings-days =
    { $count ->
        [one] 1 jour
       *[other] { $count } jours
    }
settings-vault-size = Taille du coffre
settings-vault-size-hint = Le coffre garde ce qu’une règle a remplacé. Quand il est plein, le plus ancien part d’abord.
settings-vault-any = Sans limite
settings-space-used = Utilisé maintenant : { $journal } pour le journal, { $vault } dans le coffre.
settings-gives-up-runs =
    { $runs ->
        [one] Une série serait oubliée,
       *[other] { $runs } séries seraient oubliées,
    } { $steps ->
        [one] avec une étape, qui ne pourrait plus être annulée.
       *[other] avec { $steps } étapes, qui ne pourraient plus être annulées.
    }
settings-gives-up-things =
    { $count ->
        [one] Un fichier remplacé quitterait le coffre pour de bon : { $size }.
       *[other] { $count } fichiers remplacés quitteraient le coffre pour de bon : { $size }.
    }
settings-gives-up-files = Vos propres fichiers restent tels quels, à leur place.
settings-keep-all = Tout garder
settings-give-up = Libérer la place
settings-blur = Masquer cette fenêtre quand je clique ailleurs
settings-grace = Garder prête une fenêtre masquée
settings-grace-hint = Elle se rouvre aussitôt pendant ce temps ; ensuite sa mémoire est rendue.
settings-grace-none = Pas du tout
settings-seconds =
    { $count ->
        [one] { $count } seconde
       *[other] { $count } secondes
    }
settings-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
settings-language = Langue
settings-theme = Apparence
settings-system = Comme le système
settings-english = English
settings-french = Français
settings-light = Claire
settings-dark = Sombre
settings-places = Où Usher range ses affaires
settings-place-rules = Règles
settings-place-settings = Réglages
settings-place-journal = Journal
settings-place-intents = Intentions
settings-place-vault = Coffre
settings-place-good-rules = Règles valides
settings-place-memory = Pause et masquages
settings-place-window = Taille de la fenêtre
settings-place-logs = Traces
settings-place-socket = Socket de commande
settings-place-desktop-socket = Socket de l’icône
settings-place-lock = Verrou
settings-place-autostart = Ouverture de session
settings-place-webview = Moteur web
settings-reveal-place = Montrer dans le dossier : { $place }
settings-about = À propos
settings-about-text = Logiciel libre, sous licence MIT ou Apache 2.0, à votre choix.
settings-process = processus { $pid }
settings-running-since = démarré

## Clavier

sheet-title = Clavier
sheet-anywhere = Partout
sheet-list = Dans la liste d’activité
sheet-form = Sur une condition ou une action
sheet-carry = La monter ou la descendre
sheet-carry-group = La mettre dans le groupe voisin, ou l’en sortir
sheet-views = Activité, Règles, État, Réglages
sheet-search = Rechercher
sheet-commands = Commandes
sheet-save = Enregistrer la règle
sheet-escape = Fermer ce qui est devant, puis la fenêtre
sheet-help = Cette liste
sheet-move = Parcourir la liste
sheet-fold = Déplier ou replier une série
sheet-open = Afficher dans le dossier ; déplier une série
sheet-open-file = Ouvrir le fichier
sheet-undo = Annuler, après un regard sur ce que cela ferait
sheet-retry = Réessayer une étape qui a échoué
sheet-why = Pourquoi ?
sheet-rules = Dans la liste des règles
sheet-edit-rule = Modifier la règle
sheet-preview-rule = Voir ce qu’elle ferait
sheet-switch-rule = L’activer ou la désactiver

## La palette : ce que trouve le champ du haut

palette-title = Trouvé
palette-commands = Commandes
palette-rules = Règles
palette-settings = Réglages
palette-folders = Dossiers
palette-runs = Séries
palette-files = Fichiers
palette-nothing = Il n’y a pas de commande { $text }.
palette-narrow = N’afficher que { $text } dans l’activité
palette-rule-off = { $file }, désactivée
palette-run = Série { $run } : { $rules }
palette-hint-move = choisir
palette-hint-open = ouvrir, faire
palette-hint-reveal = voir le dossier
palette-hint-commands = commandes
palette-hint-clear = effacer, fermer
palette-undo-last = Annuler la dernière série
palette-redo = Rétablir la dernière annulation
palette-undo-since = Annuler tout depuis un moment
palette-undo-rule = Annuler ce que { $rule } a fait
palette-undo-run = Annuler la série { $run }
palette-redo-run = Rétablir ce que la série { $run } a annulé
palette-pause-hour = Mettre en pause 1 heure
palette-pause-tomorrow = Mettre en pause jusqu’à demain
palette-pause-until-resumed = Mettre en pause jusqu’à la reprise
palette-resume = Reprendre
palette-open-activity = Ouvrir Activité
palette-open-rules = Ouvrir Règles
palette-open-status = Ouvrir État
palette-open-settings = Ouvrir Réglages
palette-sheet = Afficher les raccourcis clavier
palette-answer-yes = Répondre oui à { $rule } : continuer
palette-answer-no = Répondre non à { $rule }
palette-stop-run = Arrêter { $rule }
palette-retry-rule = Réessayer ce que { $rule } n’a pas pu faire
palette-events = Afficher ce qui se passe, événement par événement
palette-ready = Nouvelle règle : { $rule }
palette-new-rule = Écrire une nouvelle règle
palette-rules-folder = Ouvrir le dossier des règles
palette-preview-rule = Aperçu de { $rule }
palette-run-rule = Exécuter { $rule } maintenant
palette-switch-on = Activer { $rule }
palette-switch-off = Désactiver { $rule }

## Écrire des règles

editor-title = Règles de { $file }
editor-back = Retour aux règles
editor-changed = non enregistré
editor-ways = Façons d’écrire
editor-form = Formulaire
editor-source = Source
editor-save = Enregistrer
editor-save-broken = Enregistrer avec les erreurs
editor-saved = Enregistré. Les règles sont à l’œuvre.
editor-saved-broken = Enregistré. La dernière version sans erreur reste à l’œuvre.
editor-leaving = Ce brouillon n’est pas enregistré.
editor-stay = Continuer à écrire
editor-discard = Jeter le brouillon
editor-outside = Un autre programme a modifié ce fichier.
editor-outside-hint = Rien n’a été écrasé. Lequel des deux doit rester ?
editor-keep-mine = Garder mon brouillon
editor-take-theirs = Prendre le nouveau fichier
editor-gone = Ce fichier n’est plus là.
editor-gone-hint = Il a été supprimé, déplacé ou renommé ailleurs, et ses règles ne tournent plus. Le brouillon est toujours là.
editor-write-again = L’écrire à nouveau
editor-rule = Règle
editor-rule-nr = Règle { $nr }
editor-name = Nom
editor-enabled = Activée
editor-places = Dossiers à regarder
editor-place-nr = Dossier { $nr }
editor-choose-place = Choisir un dossier…
editor-add-place = Saisir un dossier
editor-when = Quand
editor-when-none = Les fichiers de ses dossiers, dès qu’ils arrivent ou changent.
editor-add-when = Attendre autre chose…
editor-while = Seulement tant que
editor-while-none = Toujours.
editor-add-while = Seulement tant que…
editor-filters = Si
editor-actions = Alors
editor-no-filter = Sans condition, la règle prend tous les fichiers.
editor-add-filter = Ajouter une condition…
editor-add-action = Ajouter une action…
editor-in-source = Écrit d’une façon que seule la source montre.
editor-no-form = Ce texte n’est pas une liste de règles : il n’a pas de formulaire.
editor-to-source = Ouvrir la source
editor-not = non
editor-not-hint = Inverse la condition
editor-value = Ce qui est dit à { $name }
editor-add-param = Ce qui est encore dit à { $name }
editor-options = De plus
editor-add-option = Ce qu’on dit encore à cette règle
editor-more = Plus…
editor-variables = Insérer
editor-variables-for = Ce qui peut s’insérer dans { $name }
editor-up = Monter
editor-down = Descendre
editor-carry = Déplacer { $name }
editor-carry-hint = Faites glisser, ou utilisez Alt avec les flèches
editor-moved-in-group = Maintenant à la place { $nr } sur { $count } dans un groupe
editor-remove = Retirer
editor-moved = Maintenant à la place { $nr } sur { $count }
editor-source-label = Le texte du fichier de règles
editor-source-failed = L’éditeur de texte n’a pas pu être chargé. Ouvrez plutôt le fichier dans votre propre éditeur.
editor-problems = Erreurs et avertissements
editor-preview = Aperçu
editor-preview-hint = sur vos dossiers tels qu’ils sont ; rien n’est touché
editor-preview-broken = Dès que les erreurs seront corrigées, l’effet de la règle s’affichera ici.
editor-needs-drive = Cette règle attend un disque. Choisissez-en un, ou un dossier à sa place, pour voir ce qu’elle ferait.
editor-choose-drive = Choisir un disque…
editor-needs-event = Cette règle demande ce que seul un événement apporte. Jouez-en un dans État pour voir ce qu’elle ferait.
editor-preview-code = Une condition de cette règle est du code. Usher ne l’exécute que si vous le dites.
editor-preview-run-code = L’exécuter pour l’aperçu
editor-preview-sum =
    { $steps ->
        [0] Rien à faire maintenant.
        [one] Une étape serait faite.
       *[other] { $steps } étapes seraient faites.
    } { $passed ->
        [0] {""}
        [one] Un fichier reste à sa place.
       *[other] { $passed } fichiers restent à leur place.
    }
editor-conflict-new-name = Le nom y est déjà pris : il en reçoit un autre
editor-conflict-moves-aside = Le nom y est déjà pris : ce qui le porte en reçoit un autre
editor-conflict-replaces = Le nom y est déjà pris : ce qui le porte est remplacé, une annulation le ramène
editor-conflict-trashes = Le nom y est déjà pris : ce qui le porte va à la corbeille
editor-conflict-stays = Le nom y est déjà pris : il reste où il est
editor-conflict-same = Le même y est déjà : il reste où il est
editor-preview-cut = Il y en a plus que ce qui est montré.
editor-preview-would = Étapes prévues
editor-preview-passed = Laissés en place

## Règles toutes faites

gallery-title = Règles toutes faites
gallery-text = Choisissez-en une pour voir ce qu’elle ferait dans vos propres dossiers. Elle ne fait rien avant que vous l’activiez et l’enregistriez.
gallery-new-rule = Nouvelle règle
gallery-screenshots = Captures d’écran par mois
gallery-screenshots-about = Du bureau vers un dossier par mois.
gallery-screenshots-folder = Captures d’écran
gallery-invoices = Factures d’après leur texte
gallery-invoices-about = Les PDF qui parlent d’une facture, dans un dossier par année.
gallery-invoices-folder = Factures
gallery-photos = Photos par date
gallery-photos-about = D’après le jour inscrit par l’appareil.
gallery-documents = Documents
gallery-documents-about = Lettres, tableaux et présentations, hors des téléchargements.
gallery-archives = Déballer les archives
gallery-archives-about = Dans un dossier à elles ; l’archive va à la corbeille.
gallery-installers = Vieux installateurs
gallery-installers-about = À la corbeille après deux semaines.
gallery-old-downloads = Vieux téléchargements
gallery-old-downloads-about = À la corbeille après deux mois ; demande au-delà de cent.
gallery-old-downloads-limit = Au-delà de ce nombre d’un coup, Usher demande d’abord.
gallery-duplicates = Copies en double
gallery-duplicates-about = Le plus récent de deux fichiers identiques, à la corbeille.
gallery-empty-folders = Dossiers vides
gallery-empty-folders-about = À la corbeille, de l’intérieur vers l’extérieur.
gallery-camera = Importer depuis l’appareil photo
gallery-camera-about = Les images par date, dès que l’appareil ou sa carte est branché.
gallery-camera-drives = Tout disque qui range ses images comme un appareil photo ; `label: EOS_DIGITAL` à côté en nomme un.
gallery-backup = Sauvegarder sur un disque
gallery-backup-about = Copie vos documents sur un disque chaque fois qu’il est branché.
gallery-backup-label = Le nom de votre disque.
gallery-music = Musique
gallery-music-about = Vers le dossier Musique.
gallery-videos = Vidéos
gallery-videos-about = Vers le dossier Vidéos.
gallery-big-files = Gros téléchargements
gallery-big-files-about = Une notification pour tout ce qui dépasse un gigaoctet.
gallery-big-files-notice = {"{"}path.name{"}"} est un gros fichier

## Annuler : ce que l’annulation ferait, avant qu’elle ne le fasse

undo-title = Annuler ce qui a été fait
undo-title-rule = Annuler ce que { $rule } a fait
undo-since = Depuis
undo-since-hour = une heure
undo-since-today = le début de la journée
undo-since-yesterday = le début d’hier
undo-since-week = une semaine
undo-since-ever = le tout début
undo-since-moment = un autre moment
undo-since-choose = Choisissez un moment.
undo-since-nothing = Rien de ce qui a été fait depuis ne peut être annulé.
undo-looking = Examen de ce qui peut être annulé…
undo-nothing = Rien de tout cela ne peut être annulé maintenant.
undo-would-undo =
    { $count ->
        [one] Une étape serait annulée :
       *[other] { $count } étapes seraient annulées :
    }
undo-would-redo =
    { $count ->
        [one] Une étape serait rétablie :
       *[other] { $count } étapes seraient rétablies :
    }
undo-would-leave =
    { $count ->
        [one] Une étape resterait telle quelle :
       *[other] { $count } étapes resteraient telles quelles :
    }
undo-more = et { $count } de plus
undo-runs = Exécute la commande
undo-taken-away = est retiré
undo-text-back = retrouve son texte d’avant
undo-tags-back = retrouve ses étiquettes d’avant
undo-go-undo = Annuler l’action
undo-go-redo = Rétablir
undo-cancel = Ne rien changer
undo-free-names = Utiliser des noms libres

## Ce que les règles attendent, et ce qu’elles veulent voir rempli

occasion-files = Fichiers
occasion-event = { $noun } : { $word }
occasion-folder = Dossier
occasion-file-created = est nouveau
occasion-file-closed = a été écrit et fermé
occasion-file-written = est en cours d’écriture
occasion-file-moved-in = est arrivé ici
occasion-file-gone = n’est plus là
occasion-folder-rescan = est parcouru à nouveau
occasion-level = atteint un niveau
occasion-due = est échu
occasion-pressed = est pressé
occasion-back = quelqu’un revient
occasion-volume = Disque
occasion-usb = Appareil USB
occasion-power = Alimentation
occasion-battery = Charge de la batterie
occasion-network = Réseau
occasion-session = Session
occasion-idle = Inactivité
occasion-display = Écran
occasion-schedule = Horaire
occasion-hotkey = Raccourci clavier
occasion-started = Démarrage
occasion-mounted = monté
occasion-unmounted = démonté
occasion-attached = branché
occasion-detached = débranché
occasion-ac = sur secteur
occasion-on-battery = sur batterie
occasion-online = en ligne
occasion-offline = hors ligne
occasion-connected = connecté
occasion-disconnected = déconnecté
occasion-locked = verrouillée
occasion-unlocked = déverrouillée
occasion-suspend = se met en veille
occasion-resume = sort de veille
occasion-shutdown = s’éteint
occasion-login = ouverte
occasion-changed = arrivent ou changent
occasion-started-usher = d’Usher
occasion-started-rules = de ces règles
occasion-schedule-way = Genre d’horaire
occasion-schedule-at = À
occasion-schedule-at-hint = Heures, ou dates avec une heure, séparées par des virgules : 09:00, 2026-12-24 18:30
occasion-schedule-every = Toutes les
occasion-schedule-cron = Ligne cron
occasion-schedule-cron-hint = Minute, heure, jour, mois et jour de la semaine
occasion-missed = Ce qui a été manqué pendant l’arrêt d’Usher
occasion-missed-run-once = est rattrapé une fois
occasion-missed-run-all = est rattrapé chaque fois
occasion-missed-skip = est laissé de côté
occasion-idle-for = personne depuis
occasion-idle-back = quelqu’un revient après
occasion-idle-time = Durée
occasion-battery-below = sous
occasion-battery-above = au-dessus de
occasion-more = Ce qui est dit de plus : { $noun }
occasion-yes = oui
occasion-no = non

## Le premier jour

first-steps = Étapes
first-step-welcome = Ce que fait Usher
first-step-choose = Un dossier et une règle
first-step-preview = Ce qu’elle ferait
first-title = Chaque fichier à sa place
first-text = Usher surveille des dossiers et fait ce que disent vos règles. Vous n’en avez pas encore, et Usher ne touche à rien avant que vous n’en activiez une.
first-promise-rules = Une règle dit quels fichiers vont où : les factures par année, les photos par date, les vieux téléchargements à la corbeille.
first-promise-preview = Vous voyez ce qu’elle ferait dans vos propres dossiers avant qu’elle ne fasse quoi que ce soit.
first-promise-undo = Chaque étape est notée et peut être annulée.
first-begin = Choisir une première règle
first-otherwise = Ou bien :
first-samples = essayer sur des exemples
first-samples-hint = Écrit quelques règles, toutes désactivées, et un dossier d’exemples pour les essayer loin de vos fichiers.
first-own = écrire la vôtre
first-folder = Quel dossier ?
first-folder-of-drive = Le disque lui-même
first-rule = Que doit-il se passer ?
first-back = Retour
first-look = Voir ce qu’elle ferait
first-preview-text = Avec votre dossier tel qu’il est. Rien n’a encore été fait.
first-preview-nothing = Rien à faire pour le moment. Une fois activée, elle agira sur ce qui arrive.
first-change = La modifier d’abord
first-enable = L’activer
first-enable-unseen = L’activer sans avoir vu
first-unseen = Vous n’avez pas vu ce que cette règle ferait. Une fois activée, elle agit dès que ce qu’elle attend est là.
first-enabled = La règle est active. Ce qu’elle fait est listé ici et peut être annulé.

## Le graphique au-dessus de l’activité

chart-title = Ce qui a été fait ces { $days } derniers jours
chart-sum =
    { $count ->
        [one] Un fichier en { $days } jours
       *[other] { $count } fichiers en { $days } jours
    }
chart-look = Regarder un jour
chart-day =
    { $count ->
        [one] { $day } : { $count } fichier
       *[other] { $day } : { $count } fichiers
    }
chart-rules = Par règle

## Les touches, comme elles sont gravées

key-alt = Alt
key-backspace = Retour arrière
key-ctrl = Ctrl
key-delete = Suppr
key-end = Fin
key-enter = Entrée
key-escape = Échap
key-home = Début
key-insert = Inser
key-page-down = Page suivante
key-page-up = Page précédente
key-shift = Maj
key-space = Espace
key-tab = Tab
