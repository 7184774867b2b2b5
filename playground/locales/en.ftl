# The words of the playground in English. Every name stands in every catalogue; a test compares them.

page-title = Keyward playground
skip = Skip to the views
text = Text
views = Views
tools = Tools
theme = Colours
theme-auto = As the system
theme-light = Light
theme-dark = Dark
theme-contrast = High contrast
language = Language
example = Open an example
example-after-hours = After hours: taking a key at night
example-pickup = Pickup: which second factor
example-access = Access: ordinary permission
example-field-swap = Field swap: handing a key over
example-login = Login: signing in
example-office = Small office: for a start
format = Format
format-key = Give the text its one spelling (Ctrl+S)
format-unreadable = The text cannot be formatted while it has mistakes.
open-files = Open
export-zip = Export
share-link = Share
link-copied = The link is copied ({ $count } characters). It holds everything, and nothing was sent anywhere.
link-in-address = The link is in the address bar. It holds everything, and nothing was sent anywhere.
share-large = That is more than a link can hold: at most 256 KiB of text.
share-long = That is more than a link can hold: at most 32 KiB in an address. Export the files instead.
share-damaged = This link is damaged, so it was not opened. Ask for it again.
share-newer = This link was made by a newer version of this page. Reload the page and try again.
archive-damaged = This archive cannot be read.
nothing-to-open = There was nothing to open: policies end in .ward, archives in .zip.
previous = Something else was opened. What you had is still there.
bring-back = Bring it back
close = Close
cancel = Cancel
ok = OK
copy = Copy
copied = Copied.
copy-failed = The browser does not allow copying. Select the text and copy it by hand.
download = Download
print = Print
done = Done
failed = That did not work
working = Working …
too-much = Too much to show
mend-first = The policy has mistakes
mend-first-how = Mend what the list of problems shows; this view comes back by itself.
and = and
or = or
no-webassembly = Keyward needs WebAssembly, and this browser does not have it or does not allow it. Any browser of the last years does; a setting called “lockdown” or “enhanced security” may switch it off.
compiler-loading = The compiler is loading. You can write already.
compiler-missing = The compiler cannot be loaded ({ $why }). The text is safe; reload the page to try again.
compiler-again = The compiler was started afresh: { $why }. The text is untouched.
drafts-unkept = Drafts cannot be kept here ({ $why }). Nothing is lost while this page is open: export the files before you close it.

# the editor
editor-label = Text of the policy. Press Escape and then Tab to leave.
editor-find = Find
editor-replace = Replace
editor-next = next
editor-previous = previous
editor-all = all
editor-match-case = match case
editor-by-word = by word
editor-regexp = regexp
editor-replace-all = replace all
editor-close = close
editor-current-match = current match
editor-on-line = on line
editor-replaced-match-on-line = replaced match on line $
editor-replaced-matches = replaced $ matches
editor-diagnostics = Problems
editor-no-diagnostics = No problems
editor-folded-lines = Folded lines
editor-unfolded-lines = Unfolded lines
editor-to = to
editor-folded-code = folded text
editor-unfold = unfold
editor-fold-line = Fold line
editor-unfold-line = Unfold line
editor-completions = Completions
editor-control-character = Control character
editor-selection-deleted = Selection deleted
editor-go-to-line = Go to line
editor-go = go
kind-policy = policy
kind-input = input
kind-setting = setting
kind-constant = constant
kind-group = group
kind-calendar = calendar
kind-term = term
kind-decision = decision
kind-answer = answer
kind-value = value
kind-rule = rule
kind-exception = exception
kind-test = test
kind-assert = promise
hover-of = of { $owner }
hover-more = and { $count } more
hover-holds = holds for { $share } of all possible requests
hover-applies = applies to { $applies } of all possible requests, decides { $decides }
hover-decides = the answer to { $share } of all possible requests
hover-used = { $count ->
    [0] not used
    [one] used once
   *[other] used { $count } times
  }{ $files ->
    [0] {""}
    [one] {""}
   *[other] , in { $files } files
  }
rename-title = Rename { $name }
rename-new = New name
rename-do = Rename
rename-places = { $count ->
    [one] One place changes.
   *[other] { $count } places change, in all files.
  }
rename-shape = A name has small letters, digits and underscores, and starts with a letter.
rename-taken = There is a { $name } already.
files = Files
file-new = New file
file-name = Name
file-rename = Rename this file
file-rename-how = Double-click to rename
file-remove = Remove { $name }
file-shape = A file name ends in .ward.
file-taken = There is a file of this name already.
has-errors = has mistakes
looked-at = shown
problems-label = Problems
checking = Checking …
no-problems = Nothing to complain about in { $file }
problems = { $errors ->
    [0] {""}
    [one] 1 mistake.{" "}
   *[other] { $errors } mistakes.{" "}
  }{ $warnings ->
    [0] {""}
    [one] 1 warning.{" "}
   *[other] { $warnings } warnings.{" "}
  }{ $notes ->
    [0] {""}
    [one] 1 note.
   *[other] { $notes } notes.
  }
severity-error = Mistake
severity-warning = Warning
severity-note = Note
line = line { $line }
fix = Fix:
for-example = For example:
requests-of = { $requests } requests, { $share }

# views
view-try = Try it
view-table = Table
view-week = Week
view-diagram = Diagram
view-shares = Shares
view-change = Change
view-proof = Proof
view-ship = Ship
view-tour = Tour
policy = Shown
answer = Answer
decision = Decision
share = Share
rule = Rule
rules = Rules
normally = normally
always = always
never = never
yes = Yes
no = No
unknown = Unknown
not-set = Not set
default = Default
default-is = Default: { $value }
none = none
none-of-them = none of them
blank = no answer
no-limit = no limit
depends = depends on what is unknown
minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
  }
hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
  }
days = { $count ->
    [one] 1 day
   *[other] { $count } days
  }
in-minutes = in minutes
from-to = from { $from } to { $to }

try-nothing = Nothing to try yet
unsure-missing = Something that matters is unknown: what is shown is what holds until it is known.
unsure-invalid = Such a request cannot happen: what is shown is what holds when facts contradict each other.
no-reason = No reason is written.
impossible = Such a request cannot happen
it-follows-from = It follows from
overridden = Gave way
gave-way-to = gave way to { $rules }
until = Holds until { $at }; then { $then }.
until-never = No passing of time changes this.
ask-next-why = Worth asking next: { $input }. With it { $share } is settled.
ask-next-first = Worth asking next: { $input }.
ask-next = worth asking
what-would-change = What would change it
who-person = the person
who-organization = the organization
who-nobody = nobody can change
try-this = try this
forget-all = Forget everything
fill-in = Fill in an example
site-zone = Clock of the site
find-input = Find a fact
general = General
settings = { $given ->
    [0] Settings of the organization ({ $count })
   *[other] Settings of the organization ({ $count }, { $given } chosen)
  }
date-of = { $label }: date
time-of = { $label }: time
zone-of = { $label }: zone
zone-of-site = at the site ({ $zone })
as-json = The request as JSON
json-object = A request is an object: "input": value.
add-as-test = Add as a test
tried = Tried: { $what }
test-needs-all = A test needs a decided request: fill in what matters first.
rule-elsewhere = { $rule } is not in these files.

only-when = Only when
only-when-example = now.weekday is sunday and key.sensitivity is critical
all-requests = All requests
reading = How rows are read
reading-one = One row fits
reading-down = Read from the top
table-all = All { $requests } possible requests.
table-some = { $requests } of { $of } possible requests.
table-long = The table would be too long to read
table-long-unknown = It has more rows than anybody reads.
table-long-rows = It would have { $rows } rows.
table-long-because = What makes it long: { $inputs }.
rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
  }

week-none = No hour matters here
week-none-why = This policy does not ask when: there is no moment among its inputs.
week-of = Week of
week-picture = Hours of the week and what is decided
week-nobody = For nobody in particular
week-whose = { $count ->
    [one] For the request that is tried, 1 fact
   *[other] For the request that is tried, { $count } facts
  }
week-other = choose another person or key
week-others = It does for
week-same = The hour makes no difference for this request.
week-cells = Every quarter of an hour was decided by the module itself: { $count } decisions a week, and 365 days.
in-words = In words
all-day = all day
exceptions = Days that differ, in the next twelve months
exceptions-none = No day differs.
moment = Moment
day = Day
from = From
until-column = Until

zoom = Size of the picture
zoom-natural = Readable
zoom-whole = Whole
diagram-how = { $questions } questions, { $outcomes } outcomes. Start at the top; every way out of a question says when it is taken. Press a question to see its name in the text.
shares-of = Of { $requests } possible requests. A share says how much is possible, not how often it happens.
applies = Applies
decides = Decides

compared-nothing = Compared with nothing yet
compared-example = Compared with the example { $name }
compared-shared = Compared with the link that was opened
compared-dropped = Compared with { $name }
compared-kept = Compared with { $name }
this-moment = the text as it was kept
keep-this = Compare with the text of now
kept-said = From now on, edits are compared with this text.
choose-older = Choose older files
change-none = Nothing to compare with
change-none-how = Keep the text of now, or choose an older file: every request that is decided differently is found.
newly-accepted = { $requests } requests are newly possible, for example: { $example }
no-longer-accepted = { $requests } requests are no longer possible, for example: { $example }
more-regions = And { $count } more situations with { $share } of all requests.
now-decides = Decided now by
open-in-try = open in Try it
replay = Past decisions
replay-how = Drop a decision log here: it is decided again by both versions, in this tab. It is not sent anywhere.
choose-log = Choose a log
log-large = That log is larger than a tab should read (64 MiB). Use keyward replay.
replay-rows = { $rows } decisions from { $first } to { $last }.
replay-same = None would turn out otherwise.
replay-changed = { $changed } would turn out otherwise.
replay-foreign = { $rows } are not what the older version decides, the first in line { $line }: another version wrote this log.
replay-not-askable = { $rows } cannot be asked of the newer version.
replay-never = never met

proved-all = { $asserts } promises and { $tests } tests are proved, each for every one of { $requests } possible requests.
proved-not = { $broken ->
    [one] One promise or test does not hold.
   *[other] { $broken } promises or tests do not hold.
  }
proved-also = Proved, too: every request has an answer, and no two rules contradict each other.
asserts = Promises
asserts-none = No promise is written: assert … never …
tests = Tests
tests-none = No test is written.
possible-for = possible for { $share }
like-it = { $requests } requests are like it
failing = { $failing } of { $requests } requests like it turn out otherwise
holds = holds
is-broken = does not hold
counter-example = Counter-example:
coverage = What the tests leave untried
coverage-find = Find out
coverage-full = The tests try everything there is.
covered-situations = Situations
covered-bounds = Bounds
covered-conditions = Conditions
tried-of = { $tried } of { $all }
write-tests = { $count ->
    [one] Write the missing test
   *[other] Write the { $count } missing tests
  }
untried = { $count } untried

module-kind = Kind of module
with-reasons = With reasons
without-reasons = Without reasons
download-module = Download { $name }
size = Size
bytes = { $count } bytes
digest = Digest (SHA-256)
proved-for = Proved
proved-words = { $tests } tests and { $asserts } promises, for each of { $requests } possible requests
work = Work
work-words = { $nodes } nodes; a decision takes at most { $steps } steps
use-it = Use it
snippet-browser = Browser
snippet-node = Node
snippet-server = Server (Rust)
snippet-python = Python
snippet-box = Box (C)
types = Types
inside = Inside the module
section = Section
section-code = the walk, and the straight-line form
section-data = the table: nodes and values
section-id = who it is, what was proved
section-schema = what it asks
section-outcomes = what it answers
section-reasons = why, in words

tour-title = Five minutes with a small policy
tour-about = You will read a rule, try it, change it, see what the change does, break a promise and mend it. Every step edits real text; undo works all the time.
tour-start = Start
tour-do = Do it for me
tour-skip = Skip
tour-end = That was it.
tour-end-how = Open one of the big examples, or write your own: New file, then rule … when … then … because.
tour-read = Read a rule
tour-read-how = Click into the rule guards in the text. It reads like a sentence: when, then, because.
tour-try = Try somebody
tour-try-how = In “Try it”, choose a cleaner and a Sunday night. The answer, its reason and what would change it are below.
tour-edit = Change the hours
tour-edit-how = Let office_hours go on until 20:00: change 18:00 in the text.
tour-change = See what that does
tour-change-how = “Change” lists every request that is decided differently now, and nothing else.
tour-break = Break a promise
tour-break-how = In the rule guards, take “and notices include security_desk” out. The promise nights_are_told no longer holds: “Proof” shows who slips through.
tour-mend = Mend it
tour-mend-how = Put it back (undo works). All promises are proved again.
tour-ship = Ship it
tour-ship-how = “Ship” has the module: a few kilobytes, the same bytes for browser, server and box.

# the embedded policy
embed-loading = Loading the policy …
embed-failed = This policy cannot be shown: { $why }
embed-source = The text of the policy
