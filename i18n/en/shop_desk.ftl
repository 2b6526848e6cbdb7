# SPDX-License-Identifier: GPL-3.0-only
## 购物 and 账户, at the desk.

desk-nav-shop = Shop
desk-nav-accounts = Accounts
desk-nav-adjustments = Adjustments
desk-festival = Festival
desk-yuan = ¥{ $amount }
desk-money-said-done = Done
desk-money-said-state = Not done: it is not at this step any more
desk-money-said-counts = Not done: the numbers do not fit
desk-money-said-words = Not done: a reason or a reference is missing
desk-money-said-amount = Not done: the amount does not fit
desk-money-said-short = Not done: the account does not hold so much
desk-money-said-own = Not done: whoever proposed it, and their post, cannot decide it
desk-money-said-over = Not done: it was dealt with before
desk-money-said-unsound = Not done: the thing's numbers make no sense, or the catalogue is full
desk-money-said-unposted = Not done: nothing to read, too long, over already, or too many are posted
desk-shop-empty = No orders
desk-goods = Things
desk-goods-new = Add a thing
desk-goods-sku = Number
desk-goods-name = Name
desk-goods-unit = Unit
desk-goods-shelf = Shelf
desk-goods-picture = Picture
desk-goods-price = Price (yuan)
desk-goods-before = { $price } before { $time }
desk-goods-stock = Stock (empty: enough)
desk-goods-enough = Enough
desk-goods-order-max = Most in one order
desk-goods-days = Days of its limit
desk-goods-period = Most in those days
desk-goods-level = Lowest level
desk-goods-kit = In the free kit
desk-goods-from = Offered from
desk-goods-until = Offered until
desk-goods-suits = Suits
desk-goods-change = Change
desk-goods-withdraw = Take out
desk-picks = Picking list
desk-picks-what = Approved orders, cell by cell. To be printed.
desk-picks-tick = Picked
desk-order-kit = Free kit
desk-order-ordered = Ordered
desk-order-approved = Approved
desk-order-delivered = Delivered
desk-order-good = Signed for as good
desk-order-differs = Differences
desk-order-differing = { $missing } missing, { $wrong } wrong, { $damaged } damaged
desk-order-charged = Paid for
desk-order-words = A word to the person
desk-answer-words = Answer
desk-objections = Objections
desk-objection-freeze = Objects to the freeze
desk-objection-line = Disputes line { $line }
desk-objection-decline = Answer without an adjustment
desk-objection-uphold = Propose an adjustment
desk-objection-waits = Disputed, waits for an answer
desk-objection-upheld = Upheld
desk-objection-declined = Not upheld
desk-accounts-caption = Those who left their cell first
desk-account-balance = Balance
desk-account-state = State
desk-account-open = Open
desk-account-frozen = Frozen
desk-account-left = Left the cell, to be settled
desk-account-released = Settled
desk-account-limit = Spent this month / limit
desk-account-owed = Owed
desk-account-deeds = What can be done
desk-account-amount = Amount (yuan)
desk-account-why = Reason
desk-account-reference = Reference
desk-account-level = Level
desk-account-month = Own monthly limit (yuan; empty: by policy)
desk-account-diets = Diets
desk-statement = Statement
desk-statement-code = Code to compare
desk-statement-json = Family statement (signed file)
desk-statement-pdf = Family statement (to be printed)
desk-statement-number = Number
desk-statement-check = The code compares it with the statement on the terminal; the picture names the signed file.
desk-statement-foot = Page { $page } · code { $code }
desk-statement-whole = The statement is whole: { $count } lines
desk-statement-broken = The statement is broken at line { $line }
desk-line-number = Number
desk-line-what = What
desk-adjustment-amount = Amount (yuan; less is negative)
desk-adjustment-waits = Waits for a second person: { $amount } · { $words }
desk-adjustment-accept = Agree
desk-adjustment-refuse = Do not agree
desk-adjustments-what = Proposed by finance, decided here. An agreed one becomes a new line; nothing is changed.
desk-adjustments-empty = Nothing waits to be decided
desk-books = Books
desk-books-whole = The books are even: { $count } transactions, together { $total }
desk-books-broken = The books are not even: { $uneven } transactions, { $astray } accounts, together { $total }
desk-books-people = All persons' accounts
desk-books-caption = The newest { $count } entries
desk-books-account = Account
desk-books-by = By
desk-order-state =
    { $state ->
        [placed] To be approved
        [approved] To be packed
        [packed] To be delivered
        [delivered] To be signed for
        [received] Signed for
        [settled] Settled
        [declined] Declined
        [cancelled] Cancelled
       *[unknown] { $state }
    }
desk-order-deed =
    { $deed ->
        [approve] Approve
        [decline] Decline
        [pack] Packed
        [deliver] Delivered
        [settle] Settle (how many to refund)
        [take_back] Take back
       *[unknown] { $deed }
    }
desk-account-deed =
    { $deed ->
        [deposit] Enter a deposit
        [owe] Enter what is owed
        [deduct] Deduct
        [freeze] Freeze
        [unfreeze] Lift the freeze
        [rules] Save level and limit
        [propose] Propose an adjustment
        [release] Settle and pay out
       *[unknown] { $deed }
    }
desk-goods-shelf-name =
    { $shelf ->
        [washing] Washing
        [daily] Daily things
        [food] Food
        [drink] Drink
        [clothing] Clothing
        [paper] Paper
       *[unknown] { $shelf }
    }
desk-goods-picture-name =
    { $picture ->
        [soap] Soap
        [teeth] Teeth
        [shampoo] Shampoo
        [towel] Towel
        [tissue] Tissue
        [pads] Pads
        [cup] Cup
        [bread] Bread
        [noodles] Noodles
        [fruit] Fruit
        [sweets] Sweets
        [meal] Meal
        [water] Water
        [drink] Drink
        [shirt] Shirt
        [shoes] Shoes
        [notebook] Notebook
        [pen] Pen
        [book] Book
        [stamp] Stamps
        [other] Other
       *[unknown] { $picture }
    }
desk-diet =
    { $diet ->
        [halal] Halal
        [vegetarian] Vegetarian
        [low_sugar] Low sugar
        [low_salt] Low salt
       *[unknown] { $diet }
    }
desk-dispute-why =
    { $why ->
        [not_mine] Not bought by the person
        [amount] Wrong amount
        [not_received] Nothing came
        [twice] Charged twice
        [other] Something else
       *[unknown] { $why }
    }
desk-line-kind =
    { $kind ->
        [deposit] Deposit
        [order] Order
        [returned] Returned
        [refund] Refund
        [deduction] Deduction
        [adjustment] Adjustment
        [payout] Payout
        [delivered] Paid to the shop
       *[unknown] { $kind }
    }
desk-books-house =
    { $house ->
        [cash] Cash
        [transit] Orders on their way
        [shop] Shop
        [creditors] Owed to others
        [adjustments] Adjustments
       *[unknown] { $house }
    }
