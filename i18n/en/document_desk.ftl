# SPDX-License-Identifier: GPL-3.0-only
## 签名捺印, at the desk: what people are asked to sign, and what they said to it.

desk-nav-documents = Documents
desk-documents-what = Documents people are asked to sign. They can sign only after the whole text was shown. A changed text is a new version and is asked anew; the old signature stays with the old one. Please talk with whoever disagrees; nothing else follows from not signing.
desk-documents-empty = There is no document
desk-documents-caption = What waits comes first, at most { $count } rows
desk-documents-print = Fingerprints to be done on paper
desk-document = Document
desk-document-kind = Kind
desk-document-kind-name =
    { $kind ->
        [health] Health statement
        [property] Property list
        [pledge] Pledge
        [rights] Notice of rights
        [mediation] Mediation agreement
        [other] Other document
       *[other] { $kind }
    }
desk-document-version = Version
desk-document-state =
    { $state ->
        [open] To be read
        [signed] Signed
        [declined] Disagrees
        [closed] Withdrawn
        [changed] Replaced by a newer version
       *[other] { $state }
    }
desk-document-asked = Asked by { $name } on { $time }
desk-document-ask = Ask somebody to sign
desk-document-ask-do = Send
desk-document-whom = Whom
desk-document-title = Title
desk-document-text = Text (one paragraph a line, at most { $chars } characters each, at most { $count } paragraphs)
desk-document-wants-print = A fingerprint too (there is no pad; it is done on paper)
desk-document-templates = Begin with a sample:
desk-document-template-health = My state of health on admission was examined by a doctor in my presence, with this result: ________.
    What I said of illnesses, injuries and allergies: ________.
    This is as I know it. If it is not, please choose “I disagree” and say why.
desk-document-template-property = What I had with me on admission was counted by an officer in my presence and is kept by the centre: ________.
    Cash: ________ yuan.
    I get it back with this list on release. If something is missing or wrong, please choose “I disagree” and say why.
desk-document-template-pledge = I know the daily routine and the rules of the cell and want to keep to them.
    In trouble I tell an officer first and do not quarrel.
    I say so of my own free will. If not, please choose “I disagree”.
desk-document-template-rights = You have the right to a defence lawyer; who cannot pay may ask for legal aid, or see the duty lawyer.
    You have the right to write to the resident procurator; the letter is sealed and nobody may hold it back.
    You have the right to see a doctor, and to raise the alarm in an emergency.
    You have to keep to the law and to the rules of the cell.
    A signature says only that you have read this; it gives up no right.
desk-document-template-mediation = On ________ the parties had a dispute about ________. With an officer’s mediation they agree of their own free will: ________.
    Both agree freely. Who does not want to, please choose “I disagree”; nothing else follows from it.
desk-document-template-other = ________
desk-document-digest = Digest of the text (SHA-256)
desk-document-answers = What the person said
desk-document-answers-none = No answer yet
desk-document-signed-at = Signed on { $time }, number { $number }
desk-document-declined-at = Disagreed on { $time }, number { $number }
desk-document-heard = The terminal read every page aloud
desk-document-check-face = Known by face and PIN
desk-document-check-pin = Known by PIN
desk-document-uploaded = At the platform on { $time }
desk-document-strokes = The person’s signature as drawn
desk-document-why = Reason: { $why }
desk-document-words = In their own words: { $words }
desk-document-received = Received by { $name } on { $time }
desk-document-receive = Receive
desk-document-print-waits = Fingerprint to be done on paper
desk-document-print-done = Fingerprint done on paper, by { $name } on { $time }
desk-document-print-do = Fingerprint is done on paper
desk-document-talked = { $name } talked with them on { $time }
desk-document-talked-do = Talked with them
desk-document-withdraw = Withdraw; no longer asked
desk-document-change = Change the text and ask anew with a new version
desk-document-change-do = Send the new version
desk-document-versions = Versions
desk-document-pdf = Download as PDF
desk-document-said-done = Done
desk-document-said-state = This cannot be done now; the page is up to date
desk-document-said-unsound = Title or text is empty or too long, or nobody was chosen
desk-document-said-full = This person has too many documents
