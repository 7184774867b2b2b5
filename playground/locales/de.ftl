# The words of the playground in German.

page-title = Keyward-Werkstatt
skip = Zu den Ansichten springen
text = Text
views = Ansichten
tools = Werkzeuge
theme = Farben
theme-auto = Wie das System
theme-light = Hell
theme-dark = Dunkel
theme-contrast = Starker Kontrast
language = Sprache
example = Beispiel öffnen
example-after-hours = Nach Feierabend: ein Schlüssel bei Nacht
example-pickup = Abholen: welcher zweite Faktor
example-access = Zugang: gewöhnliche Erlaubnis
example-field-swap = Übergabe: einen Schlüssel weitergeben
example-login = Anmeldung: sich ausweisen
example-office = Kleines Büro: für den Anfang
format = Ordnen
format-key = Dem Text seine eine Schreibweise geben (Strg+S)
format-unreadable = Der Text kann nicht geordnet werden, solange er Fehler hat.
open-files = Öffnen
export-zip = Sichern
share-link = Teilen
link-copied = Der Link ist kopiert ({ $count } Zeichen). Er enthält alles, und nichts wurde irgendwohin gesendet.
link-in-address = Der Link steht in der Adresszeile. Er enthält alles, und nichts wurde irgendwohin gesendet.
share-large = Das ist mehr, als ein Link fasst: höchstens 256 KiB Text.
share-long = Das ist mehr, als ein Link fasst: höchstens 32 KiB in einer Adresse. Sichern Sie stattdessen die Dateien.
share-damaged = Dieser Link ist beschädigt und wurde nicht geöffnet. Bitten Sie noch einmal darum.
share-newer = Dieser Link stammt von einer neueren Fassung dieser Seite. Laden Sie die Seite neu und versuchen Sie es noch einmal.
archive-damaged = Dieses Archiv ist nicht lesbar.
nothing-to-open = Es gab nichts zu öffnen: Regelwerke enden auf .ward, Archive auf .zip.
previous = Etwas anderes wurde geöffnet. Was Sie hatten, ist noch da.
bring-back = Zurückholen
close = Schließen
cancel = Abbrechen
ok = OK
copy = Kopieren
copied = Kopiert.
copy-failed = Der Browser erlaubt kein Kopieren. Markieren Sie den Text und kopieren Sie ihn von Hand.
download = Herunterladen
print = Drucken
done = Erledigt
failed = Das ist nicht gelungen
working = In Arbeit …
too-much = Zu viel, um es zu zeigen
mend-first = Das Regelwerk hat Fehler
mend-first-how = Beheben Sie, was in der Liste der Probleme steht; diese Ansicht kommt von selbst wieder.
and = und
or = oder
no-webassembly = Keyward braucht WebAssembly, und dieser Browser hat es nicht oder erlaubt es nicht. Jeder Browser der letzten Jahre kann es; eine Einstellung namens „Blockierungsmodus“ oder „erhöhte Sicherheit“ schaltet es manchmal ab.
compiler-loading = Der Übersetzer lädt noch. Sie können schon schreiben.
compiler-missing = Der Übersetzer kann nicht geladen werden ({ $why }). Der Text ist sicher; laden Sie die Seite neu.
compiler-again = Der Übersetzer wurde neu gestartet: { $why }. Der Text ist unberührt.
drafts-unkept = Entwürfe können hier nicht aufbewahrt werden ({ $why }). Solange diese Seite offen ist, geht nichts verloren: Sichern Sie die Dateien, bevor Sie sie schließen.

# the editor
editor-label = Text des Regelwerks. Escape und dann Tabulator führt hinaus.
editor-find = Suchen
editor-replace = Ersetzen
editor-next = weiter
editor-previous = zurück
editor-all = alle
editor-match-case = Groß und klein
editor-by-word = ganze Wörter
editor-regexp = Muster
editor-replace-all = alle ersetzen
editor-close = schließen
editor-current-match = diese Stelle
editor-on-line = in Zeile
editor-replaced-match-on-line = ersetzt in Zeile $
editor-replaced-matches = $ Stellen ersetzt
editor-diagnostics = Probleme
editor-no-diagnostics = Keine Probleme
editor-folded-lines = Eingeklappte Zeilen
editor-unfolded-lines = Ausgeklappte Zeilen
editor-to = bis
editor-folded-code = eingeklappter Text
editor-unfold = ausklappen
editor-fold-line = Zeile einklappen
editor-unfold-line = Zeile ausklappen
editor-completions = Vorschläge
editor-control-character = Steuerzeichen
editor-selection-deleted = Auswahl gelöscht
editor-go-to-line = Gehe zu Zeile
editor-go = los
kind-policy = Regelwerk
kind-input = Angabe
kind-setting = Einstellung
kind-constant = Konstante
kind-group = Gruppe
kind-calendar = Kalender
kind-term = Begriff
kind-decision = Entscheidung
kind-answer = Antwort
kind-value = Wert
kind-rule = Regel
kind-exception = Ausnahme
kind-test = Test
kind-assert = Versprechen
hover-of = von { $owner }
hover-more = und { $count } weitere
hover-holds = gilt für { $share } aller möglichen Anfragen
hover-applies = trifft auf { $applies } aller möglichen Anfragen zu, entscheidet { $decides }
hover-decides = die Antwort auf { $share } aller möglichen Anfragen
hover-used = { $count ->
    [0] nicht benutzt
    [one] einmal benutzt
   *[other] { $count }-mal benutzt
  }{ $files ->
    [0] {""}
    [one] {""}
   *[other] , in { $files } Dateien
  }
rename-title = { $name } umbenennen
rename-new = Neuer Name
rename-do = Umbenennen
rename-places = { $count ->
    [one] Eine Stelle ändert sich.
   *[other] { $count } Stellen ändern sich, in allen Dateien.
  }
rename-shape = Ein Name hat kleine Buchstaben, Ziffern und Unterstriche und beginnt mit einem Buchstaben.
rename-taken = { $name } gibt es schon.
files = Dateien
file-new = Neue Datei
file-name = Name
file-rename = Diese Datei umbenennen
file-rename-how = Doppelklick zum Umbenennen
file-remove = { $name } entfernen
file-shape = Ein Dateiname endet auf .ward.
file-taken = Eine Datei dieses Namens gibt es schon.
has-errors = hat Fehler
looked-at = gezeigt
problems-label = Probleme
checking = Wird geprüft …
no-problems = Nichts auszusetzen an { $file }
problems = { $errors ->
    [0] {""}
    [one] 1 Fehler.{" "}
   *[other] { $errors } Fehler.{" "}
  }{ $warnings ->
    [0] {""}
    [one] 1 Warnung.{" "}
   *[other] { $warnings } Warnungen.{" "}
  }{ $notes ->
    [0] {""}
    [one] 1 Hinweis.
   *[other] { $notes } Hinweise.
  }
severity-error = Fehler
severity-warning = Warnung
severity-note = Hinweis
line = Zeile { $line }
fix = Beheben:
for-example = Zum Beispiel:
requests-of = { $requests } Anfragen, { $share }

# views
view-try = Ausprobieren
view-table = Tabelle
view-week = Woche
view-diagram = Diagramm
view-shares = Anteile
view-change = Änderung
view-proof = Beweis
view-ship = Ausliefern
view-tour = Rundgang
policy = Gezeigt
answer = Antwort
decision = Entscheidung
share = Anteil
rule = Regel
rules = Regeln
normally = gewöhnlich
always = immer
never = nie
yes = Ja
no = Nein
unknown = Unbekannt
not-set = Nicht gesetzt
default = Voreinstellung
default-is = Voreinstellung: { $value }
none = keine
none-of-them = keines davon
blank = keine Antwort
no-limit = keine Grenze
depends = hängt von Unbekanntem ab
minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
  }
hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
  }
days = { $count ->
    [one] 1 Tag
   *[other] { $count } Tage
  }
in-minutes = in Minuten
from-to = von { $from } bis { $to }

try-nothing = Noch nichts auszuprobieren
unsure-missing = Etwas Wichtiges ist unbekannt: Gezeigt wird, was gilt, bis es bekannt ist.
unsure-invalid = Eine solche Anfrage kann nicht vorkommen: Gezeigt wird, was gilt, wenn Angaben einander widersprechen.
no-reason = Ein Grund ist nicht genannt.
impossible = Eine solche Anfrage kann nicht vorkommen
it-follows-from = Es folgt aus
overridden = Zurückgetreten
gave-way-to = trat zurück hinter { $rules }
until = Gilt bis { $at }; dann { $then }.
until-never = Keine Zeit, die vergeht, ändert das.
ask-next-why = Als Nächstes zu fragen: { $input }. Damit ist { $share } geklärt.
ask-next-first = Als Nächstes zu fragen: { $input }.
ask-next = fragenswert
what-would-change = Was es ändern würde
who-person = die Person
who-organization = die Organisation
who-nobody = niemand kann es
try-this = ausprobieren
forget-all = Alles vergessen
fill-in = Beispiel einsetzen
site-zone = Uhr am Ort
find-input = Angabe suchen
general = Allgemein
settings = { $given ->
    [0] Einstellungen der Organisation ({ $count })
   *[other] Einstellungen der Organisation ({ $count }, { $given } gewählt)
  }
date-of = { $label }: Datum
time-of = { $label }: Uhrzeit
zone-of = { $label }: Zeitzone
zone-of-site = am Ort ({ $zone })
as-json = Die Anfrage als JSON
json-object = Eine Anfrage ist ein Objekt: "Angabe": Wert.
add-as-test = Als Test anfügen
tried = Ausprobiert: { $what }
test-needs-all = Ein Test braucht eine entschiedene Anfrage: Setzen Sie erst ein, worauf es ankommt.
rule-elsewhere = { $rule } steht nicht in diesen Dateien.

only-when = Nur wenn
only-when-example = now.weekday is sunday and key.sensitivity is critical
all-requests = Alle Anfragen
reading = Wie Zeilen gelesen werden
reading-one = Eine Zeile passt
reading-down = Von oben gelesen
table-all = Alle { $requests } möglichen Anfragen.
table-some = { $requests } von { $of } möglichen Anfragen.
table-long = Die Tabelle wäre zu lang zum Lesen
table-long-unknown = Sie hat mehr Zeilen, als jemand liest.
table-long-rows = Sie hätte { $rows } Zeilen.
table-long-because = Was sie lang macht: { $inputs }.
rows = { $count ->
    [one] 1 Zeile
   *[other] { $count } Zeilen
  }

week-none = Hier zählt keine Stunde
week-none-why = Dieses Regelwerk fragt nicht nach der Zeit: Unter seinen Angaben ist kein Zeitpunkt.
week-of = Woche mit
week-picture = Stunden der Woche und was entschieden wird
week-nobody = Für niemand Bestimmten
week-whose = { $count ->
    [one] Für die ausprobierte Anfrage, 1 Angabe
   *[other] Für die ausprobierte Anfrage, { $count } Angaben
  }
week-other = andere Person oder anderen Schlüssel wählen
week-same = Die Stunde macht für diese Anfrage keinen Unterschied.
week-others = Wohl aber für
week-cells = Jede Viertelstunde hat das Modul selbst entschieden: { $count } Entscheidungen je Woche, und 365 Tage.
in-words = In Worten
all-day = ganztägig
exceptions = Abweichende Tage in den nächsten zwölf Monaten
exceptions-none = Kein Tag weicht ab.
moment = Zeitpunkt
day = Tag
from = Von
until-column = Bis

zoom = Größe des Bildes
zoom-natural = Lesbar
zoom-whole = Ganz
diagram-how = { $questions } Fragen, { $outcomes } Ergebnisse. Oben beginnen; jeder Weg aus einer Frage sagt, wann er genommen wird. Eine Frage anklicken zeigt ihren Namen im Text.
shares-of = Von { $requests } möglichen Anfragen. Ein Anteil sagt, wie viel möglich ist, nicht wie oft es vorkommt.
applies = Trifft zu
decides = Entscheidet

compared-nothing = Noch mit nichts verglichen
compared-example = Verglichen mit dem Beispiel { $name }
compared-shared = Verglichen mit dem geöffneten Link
compared-dropped = Verglichen mit { $name }
compared-kept = Verglichen mit { $name }
this-moment = dem gemerkten Text
keep-this = Mit dem Text von jetzt vergleichen
kept-said = Ab jetzt werden Änderungen mit diesem Text verglichen.
choose-older = Ältere Dateien wählen
change-none = Nichts zum Vergleichen
change-none-how = Merken Sie den Text von jetzt, oder wählen Sie eine ältere Datei: Jede anders entschiedene Anfrage wird gefunden.
newly-accepted = { $requests } Anfragen sind neu möglich, zum Beispiel: { $example }
no-longer-accepted = { $requests } Anfragen sind nicht mehr möglich, zum Beispiel: { $example }
more-regions = Und { $count } weitere Lagen mit { $share } aller Anfragen.
now-decides = Jetzt entscheidet
open-in-try = zum Ausprobieren öffnen
replay = Frühere Entscheidungen
replay-how = Legen Sie ein Entscheidungsprotokoll hier ab: Beide Fassungen entscheiden es noch einmal, in diesem Fenster. Es wird nirgendwohin gesendet.
choose-log = Protokoll wählen
log-large = Dieses Protokoll ist größer, als ein Fenster lesen sollte (64 MiB). Nehmen Sie keyward replay.
replay-rows = { $rows } Entscheidungen von { $first } bis { $last }.
replay-same = Keine fiele anders aus.
replay-changed = { $changed } fielen anders aus.
replay-foreign = { $rows } sind nicht, was die ältere Fassung entscheidet, die erste in Zeile { $line }: Eine andere Fassung schrieb dieses Protokoll.
replay-not-askable = { $rows } können die neuere Fassung nicht gefragt werden.
replay-never = nie vorgekommen

proved-all = { $asserts } Versprechen und { $tests } Tests sind bewiesen, jedes für jede von { $requests } möglichen Anfragen.
proved-not = { $broken ->
    [one] Ein Versprechen oder Test hält nicht.
   *[other] { $broken } Versprechen oder Tests halten nicht.
  }
proved-also = Auch bewiesen: Jede Anfrage hat eine Antwort, und keine zwei Regeln widersprechen einander.
asserts = Versprechen
asserts-none = Kein Versprechen ist geschrieben: assert … never …
tests = Tests
tests-none = Kein Test ist geschrieben.
possible-for = möglich für { $share }
like-it = { $requests } Anfragen sind so
failing = { $failing } von { $requests } solchen Anfragen fallen anders aus
holds = hält
is-broken = hält nicht
counter-example = Gegenbeispiel:
coverage = Was die Tests nicht versuchen
coverage-find = Herausfinden
coverage-full = Die Tests versuchen alles, was es gibt.
covered-situations = Lagen
covered-bounds = Grenzen
covered-conditions = Bedingungen
tried-of = { $tried } von { $all }
write-tests = { $count ->
    [one] Den fehlenden Test schreiben
   *[other] Die { $count } fehlenden Tests schreiben
  }
untried = { $count } nicht versucht

module-kind = Art des Moduls
with-reasons = Mit Gründen
without-reasons = Ohne Gründe
download-module = { $name } herunterladen
size = Größe
bytes = { $count } Bytes
digest = Prüfsumme (SHA-256)
proved-for = Bewiesen
proved-words = { $tests } Tests und { $asserts } Versprechen, für jede von { $requests } möglichen Anfragen
work = Aufwand
work-words = { $nodes } Knoten; eine Entscheidung braucht höchstens { $steps } Schritte
use-it = Benutzen
snippet-browser = Browser
snippet-node = Node
snippet-server = Server (Rust)
snippet-python = Python
snippet-box = Kasten (C)
types = Typen
inside = Im Inneren des Moduls
section = Abschnitt
section-code = der Gang durch die Tabelle und die gerade Form
section-data = die Tabelle: Knoten und Werte
section-id = wer es ist, was bewiesen wurde
section-schema = was es fragt
section-outcomes = was es antwortet
section-reasons = warum, in Worten

tour-title = Fünf Minuten mit einem kleinen Regelwerk
tour-about = Sie lesen eine Regel, probieren sie aus, ändern sie, sehen, was das ändert, brechen ein Versprechen und heilen es. Jeder Schritt ändert wirklichen Text; Rückgängig geht immer.
tour-start = Beginnen
tour-do = Für mich tun
tour-skip = Überspringen
tour-end = Das war es.
tour-end-how = Öffnen Sie eines der großen Beispiele oder schreiben Sie ein eigenes: Neue Datei, dann rule … when … then … because.
tour-read = Eine Regel lesen
tour-read-how = Klicken Sie im Text in die Regel guards. Sie liest sich wie ein Satz: when, then, because.
tour-try = Jemanden ausprobieren
tour-try-how = Wählen Sie unter „Ausprobieren“ eine Putzkraft (cleaner) und eine Sonntagnacht. Antwort, Grund und was es ändern würde, stehen dort.
tour-edit = Die Zeiten ändern
tour-edit-how = Lassen Sie office_hours bis 20:00 gehen: Ändern Sie 18:00 im Text.
tour-change = Sehen, was das bewirkt
tour-change-how = „Änderung“ zeigt jede Anfrage, die jetzt anders entschieden wird, und keine andere.
tour-break = Ein Versprechen brechen
tour-break-how = Nehmen Sie in der Regel guards „and notices include security_desk“ heraus. Das Versprechen nights_are_told hält nicht mehr: „Beweis“ zeigt, wer durchschlüpft.
tour-mend = Es heilen
tour-mend-how = Setzen Sie es zurück (Rückgängig geht). Alle Versprechen sind wieder bewiesen.
tour-ship = Ausliefern
tour-ship-how = „Ausliefern“ hat das Modul: wenige Kilobyte, dieselben Bytes für Browser, Server und Kasten.

# the embedded policy
embed-loading = Das Regelwerk lädt …
embed-failed = Dieses Regelwerk kann nicht gezeigt werden: { $why }
embed-source = Der Text des Regelwerks
