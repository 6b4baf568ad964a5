### Toutes les phrases de la fenêtre. Les noms et les titres de règles arrivent déjà rendus sûrs.

## La fenêtre autour des vues

shell-views = Vues
shell-tab-activity = Activité
shell-tab-rules = Règles
shell-tab-status = État
shell-search-activity = Rechercher dans l’activité
shell-search-rules = Rechercher une règle
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
shell-announce-run =
    { $count ->
        [one] { $rules } : une étape effectuée
       *[other] { $rules } : { $count } étapes effectuées
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
activity-to = vers
activity-becomes = devient
activity-undid = Annulation : { $rules }
activity-undid-run = Annulation de la série { $run }
activity-redid = Rétablissement : { $rules }
activity-redid-run = Rétablissement de la série { $run }
activity-why = Pourquoi ?
activity-reveal = Afficher dans le dossier
activity-show-run = Afficher
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
activity-state-intended = En cours
activity-state-failed = Échec
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
rules-open-folder = Ouvrir le dossier des règles
rules-unreadable = Les règles sont illisibles
rules-nothing-found = Aucune règle trouvée pour { $text }
rules-none-in-file = Ce fichier ne contient aucune règle.
rules-loaded = chargé
rules-digest = Version en service : { $digest }
rules-edit = Modifier
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
rules-run = Exécuter
rules-run-hint = Applique la règle à tout ce que contiennent ses dossiers.
rules-run-label = Exécuter { $rule } maintenant
rules-trial-nothing = Rien à faire : aucun fichier ne correspond.
rules-trial-would =
    { $count ->
        [one] Elle effectuerait une étape :
       *[other] Elle effectuerait { $count } étapes :
    }
rules-trial-done =
    { $count ->
        [one] Un fichier traité.
       *[other] { $count } fichiers traités.
    }
rules-trial-failed =
    { $count ->
        [one] { $count } échec.
       *[other] { $count } échecs.
    }
rules-first-title = Chaque fichier à sa place
rules-first-text = Les règles disent ce qui arrive à quels fichiers. Vous n’en avez pas encore, et Usher ne touche à rien tant que vous n’en activez aucune.
rules-first-file = Quelques règles toutes prêtes, dans un fichier texte que vous pouvez lire et modifier.
rules-first-off = Toutes sont désactivées. Regardez l’aperçu, puis décidez.
rules-first-sandbox = Un dossier de fichiers d’exemple pour les essayer, loin des vôtres.
rules-first-create = Créer les règles de départ
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
status-noun-unneeded = Aucune règle n’en a besoin
status-noun-unavailable = Indisponible ici
status-noun-since = depuis
status-since-time = depuis { $time }
status-since-day = depuis le { $day }
status-directories = { $count } dossiers à l’intérieur
status-last-event = Dernier événement
status-no-event = Aucun événement
status-last-action = dernière action
status-rules = Règles :
status-places = Où Usher range ses affaires
status-place-rules = Règles
status-place-settings = Réglages
status-place-journal = Journal
status-place-vault = Coffre
status-place-logs = Traces
status-reveal-place = Afficher dans le dossier : { $place }
status-process = processus { $pid }
status-running-since = démarré
status-unreadable = L’état est illisible

## Réglages

settings-title = Réglages
settings-launch = Lancer Usher à l’ouverture de session
settings-hotkey = Touches qui ouvrent cette fenêtre
settings-hotkey-hint = Écrivez-les, ou enregistrez-les en les pressant. Vide : aucune.
settings-hotkey-none = Aucune
settings-hotkey-press = Pressez les touches…
settings-hotkey-record = Enregistrer
settings-hotkey-keep = Garder
settings-notifications = Les règles peuvent notifier
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

## Clavier

sheet-title = Clavier
sheet-anywhere = Partout
sheet-list = Dans la liste d’activité
sheet-views = Activité, Règles, État
sheet-search = Rechercher
sheet-escape = Fermer ce qui est devant, puis la fenêtre
sheet-help = Cette liste
sheet-move = Parcourir la liste
sheet-fold = Déplier ou replier une série
sheet-open = Afficher dans le dossier ; déplier une série
sheet-undo = Annuler
sheet-why = Pourquoi ?
