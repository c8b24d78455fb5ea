# Forms: the practice's own, building one, assigning one, filling one in, reading what was answered.

forms-title = Forms
forms-lead = What you ask people to fill in. Assign one in a conversation: only its host and whom it is for see it.
forms-new = New form
forms-loading = Loading the forms
forms-own = Forms of this practice
forms-empty = No forms yet. Make one, or take one from the library below.
forms-empty-retired = No form is offered now. Offer one again below, make one, or take one from the library.
forms-library = Library
forms-library-lead = Forms that come with Quietroom. Look at one, change it if you like, and make it yours.
forms-retired = No longer offered
forms-retired-lead = They cannot be assigned. What was assigned before stays as it is.
forms-retire = Stop offering
forms-offer = Offer again
forms-take = Use
forms-taken = “{ $title }” is one of your forms now. It can be assigned.
forms-retired-one = “{ $title }” is no longer offered.
forms-offered-again = “{ $title }” is offered again.
forms-version = Version { $version }
forms-questions = { $count ->
    [one] { $count } question
   *[other] { $count } questions
}
forms-changed = Changed by { $name }, { $when }
forms-close = Close

kind-text = Text
kind-long-text = Long text
kind-number = Number
kind-date = Date
kind-yes-no = Yes or no
kind-one = One choice
kind-several = Several choices
kind-scale = Scale
kind-signature = Signature
kind-section = Section
kind-note = Text to read

build-new = New form
build-title = Form
build-loading = Loading the form
build-form-title = Title
build-description = Introduction
build-description-help = What people read first. It can be left empty.
build-add = Add to the form
build-preview = Preview
build-save = Save
build-saved-first = Saved. It can be assigned now.
build-saved = Version { $version } saved. Forms already assigned stay as they are.
build-same = Nothing has changed. It stays version { $version }.
build-wrong = Not saved yet. Change what is marked.
build-outdated = Somebody else has saved this form meanwhile. Load the page again to go on from theirs.
build-deleted = “{ $label }” is deleted.
build-undo = Undo
build-up = Move “{ $label }” up
build-down = Move “{ $label }” down
build-delete = Delete “{ $label }”
build-is-required = Required
build-is-conditional = Shown by an answer
build-is-wrong = Needs changing
build-stuck-needs = It is shown by the answer to “{ $label }”, so it comes after it.
build-stuck-needed = “{ $label }” is shown by the answer to this, so it comes after it.
build-label = Question
build-heading = Heading
build-note = Text
build-signature-label = Asked for
build-help = Help
build-required = Required
build-least = Lowest
build-most = Highest
build-decimals = Decimals
build-decimals-count = { $count ->
    [0] Whole numbers
    [one] { $count } decimal
   *[other] { $count } decimals
}
build-unit = Unit
build-earliest = Earliest day
build-latest = Latest day
build-from = From
build-to = To
build-from-label = What the low end means
build-to-label = What the high end means
build-statement = What is signed
build-statement-help = Whoever fills in the form types their name under this.
build-choices = Choices
build-choice = Choice { $number }
build-choice-add = Add a choice
build-choice-up = Move choice { $number } up
build-choice-down = Move choice { $number } down
build-choice-remove = Remove choice { $number }
build-alone = Nothing else beside it
build-points = Points
build-leave-title = Leave without saving?
build-leave-help = What you changed in this form is not saved. It is lost when you leave now.
build-leave-yes = Leave

show-if-title = When it is shown
show-if-always = Always
show-if-gone = By a question that is not there any more
show-if-depends = By the answer to: { $label }
test-how = The answer
test-answered = has been given
test-yes = is yes
test-no = is no
test-one-of = is one of these
test-equals = is exactly
test-at-least = is at least
test-at-most = is at most
test-number = Number
alert-title = Alert the reader to some answers
alert-help = They stand first when the answers are read.
alert-label = What the reader is told

scores-title = Scores
scores-lead = Points of several questions, summed for whoever reads the answers. Whoever fills in the form does not see them.
score-add = Add a score
score-remove = Remove this score
score-legend = Score { $label }
score-label = What the score is called
score-items = Questions that count
band-add = Add a band
band-from = From
band-label = What it means
band-remove = Remove the band { $label }

preview-title = Preview
preview-note = This is a preview. Nothing is kept and nothing is sent.
preview-fine = These answers could be submitted. This is a preview: nothing is sent.
preview-check = Check the answers

form-rule-empty = Fill this in.
form-rule-no-questions = Add at least one question.
form-rule-no-answer = Choose at least one answer.
form-rule-nothing-counts = Choose at least one question that counts.
form-rule-gone = The question it depends on is not there any more. Choose another, or show it always.
form-rule-too-long = At most { $limit } characters fit here. Shorten it.
form-rule-malformed = There are characters here that cannot be kept, or line breaks where one line belongs.
form-rule-too-few = { $limit ->
    [one] At least { $limit } choice is needed.
   *[other] At least { $limit } choices are needed.
}
form-rule-too-many = At most { $limit } are possible here.
form-rule-duplicate = This is here twice. Change one of them.
form-rule-unknown = This is not in the form any more. Choose another.
form-rule-later = The question it depends on comes after it. Move one of them.
form-rule-wrong-kind = This does not go with how the question is answered. Choose again.
form-rule-contrary = The first of these has to be below the second.
form-rule-out-of-range = A number here is beyond what is possible, or has too many decimals.
form-rule-band-range = No sum of these points reaches this. Choose a number within the score.
form-rule-points-range = So many points cannot be given. Choose a smaller number.
form-rule-no-points = This question counts in a score: give each of its choices points.
form-rule-disordered = Each band begins above the one before. Put them in order.
form-rule-not-new = This was changed in another window meanwhile. Load the page again.
form-rule-too-large = The form takes more than { $limit } KB. Make it shorter, or two of it.
form-rule-no-number = This is not a number that fits here.

assign-title = Assign a form
assign-help = Whom you choose is asked here to fill it in. Only they and you see it.
assign-which = Which form
assign-whom = Who fills it in
assign-save = Assign
assign-empty = There is no form to assign yet.
assign-to-forms = Go to the forms

fill-title = Form
fill-loading = Loading the form
fill-required = Required
fill-yes = Yes
fill-no = No
fill-choose = Choose
fill-clear = Clear the answer
fill-begin = What you answer is saved as you go.
fill-keeping = Saving…
fill-kept = Saved
fill-offline = Not saved yet: no connection
fill-not-kept = Not saved. Look where something is marked.
fill-submit = Submit
fill-submit-title = Submit this form?
fill-submit-help = It can be submitted once. You can still read your answers afterwards, and not change them.
fill-submit-yes = Submit
fill-close-title = Close without saving?
fill-close-help = Your last answers are not saved. They are lost when you close the form now.
fill-close-yes = Close
fill-ended = This conversation is over. The form was not submitted, and cannot be any more.

answer-missing = This has to be answered.
answer-missing-choice = Choose an answer.
answer-missing-signature = Type your name to sign.
answer-unknown = This answer does not go with the form any more. Load the page again.
answer-too-long = At most { $limit } characters fit here. Shorten it.
answer-malformed = There are characters here that cannot be kept. Type it again.
answer-too-small = This has to be { $limit } or more.
answer-too-great = This has to be { $limit } or less.
answer-too-fine = { $limit ->
    [0] Type a whole number.
    [one] At most { $limit } decimal fits here.
   *[other] At most { $limit } decimals fit here.
}
answer-too-early = This has to be { $limit } or later.
answer-too-late = This has to be { $limit } or earlier.
answer-alone = “{ $limit }” goes with nothing else. Choose it alone, or the others.
answer-too-large = All answers together take more room than there is. Shorten some.
answer-no-number = This is not a number. It looks like 72 or 72.5.
answer-no-day = This is not a day of the calendar.

answers-alerts = To look at first
answers-points = { $points } of { $highest }
answers-no-total = No total: not everything that counts was answered.
answers-none = Not answered
answers-of-scale = { $number } (up to { $highest })
answers-print = Print
answers-waiting = { $name } has not submitted this form yet. You can read it here once they have.
answers-submitted = { $own ->
    [yes] You submitted this on { $when }.
   *[no] { $name } submitted this on { $when }. Version { $version } of the form.
}
