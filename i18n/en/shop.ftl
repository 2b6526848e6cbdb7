# SPDX-License-Identifier: GPL-3.0-only
## The shop and the account: plain words about money. What the platform decides is never promised here.

shop-tile-state = Buy things, see your balance
shop-tile-called = { $name } may shop now
shop-browse = Goods and prices
shop-buy = Buy
shop-mine = My account and orders
shop-mine-short = My account
shop-front-hint = Anyone may see the prices. Alarm, doctor and complaints never wait
shop-closed = No orders now. The shop is open { $days } { $from }–{ $to }
shop-hours = Open { $days } { $from }–{ $to }
shop-every-day = every day
shop-day =
    { $day ->
        [d1] Mon
        [d2] Tue
        [d3] Wed
        [d4] Thu
        [d5] Fri
        [d6] Sat
       *[d7] Sun
    }
shop-called = { $name }, it is your turn. { $count } more after you
shop-waiting =
    { $count ->
        [one] { $count } person waits to shop
       *[other] { $count } people wait to shop
    }
shop-who = Who wants to buy?
shop-who-mine = Whose account?
shop-who-hint = Touch your name, then camera and PIN
shop-before =
    { $count ->
        [one] { $count } person is before you
       *[other] { $count } people are before you
    }
shop-turn-detail = Get in line. The first page shows your family name when it is your turn
shop-turn-waits = You are in line. The first page shows your family name when it is your turn
shop-turn-wait = Get in line
shop-queue = Get in line
shop-queue-others = Others wait
shop-queue-who = Who waits?
shop-queue-hint = Touch your name
shop-place = Number { $place }
shop-turn-left = Others wait: { $span } left
shop-shelf =
    { $shelf ->
        [washing] Washing
        [daily] Daily
        [food] Food
        [drink] Drinks
        [clothing] Clothes
       *[paper] Paper
    }
shop-shelf-empty = Nothing here at the moment
shop-not-for-me = { $count } more are not for your level or diet
shop-sold-out = Sold out
shop-few = Only { $count } left
shop-left = { $count } left
shop-enough = In stock
shop-dearer = Dearer, was { $before }
shop-cheaper = Cheaper, was { $before }
shop-was = { $before } until { $time }
shop-pieces = { $count } pcs
shop-period = { $count } in { $days } days
shop-line-stock = In stock
shop-line-order-max = Most at once
shop-line-period = Most for one person
shop-line-price = Price changed
shop-line-suits = Suits
shop-line-until = Sold until
shop-diet =
    { $diet ->
        [halal] halal
        [vegetarian] vegetarian
        [low_sugar] low sugar
       *[low_salt] low salt
    }
shop-go-on = Choose more
shop-cart-empty = The cart is empty
shop-cart-button = Cart: { $count } pcs { $total }
shop-times = { $price } × { $count }
shop-remove = Remove
shop-total = Total
shop-remains = Balance { $balance } (as of { $time }), about { $remains } after this; { $limit } of the limit left
shop-no-account = Your account has not arrived yet
shop-no-account-detail = The balance shows when the platform has sent it. The platform checks each order
shop-warn-stock = Perhaps not enough in stock; the platform will answer
shop-warn-balance = Perhaps not enough money; the platform will answer
shop-warn-limit = Perhaps above the limit; the platform will answer
shop-warn-offline = No network: kept here as a request. The platform checks price and balance before it charges
shop-checkout = Check it
shop-read-back = You want these. Right?
shop-order = Order
shop-kit = Things for new arrivals
shop-kit-hint = Once for each new person
shop-free = Free
shop-kit-take = Take them
shop-sent = Order { $number } · { $total }
shop-kit-sent = Request { $number }
shop-sent-detail = The platform checks, then charges. See “My account and orders”
shop-refused = The platform did not take it
shop-refused-nothing = Nothing was charged. Change it and order again
shop-look-again = Look again at today's prices
shop-refused-why =
    { $why ->
        [price_changed] A price changed: please look again
        [stock] Not enough in stock
        [balance] Not enough money
        [limit] Above the limit of this period
        [count_limit] More of one thing than allowed
        [not_offered] Something cannot be bought now
        [frozen] The account is frozen
        [kit] Taken before, or not for you
        [not_here] You are no longer in this cell
       *[unsound] Something is wrong with it: please order again
    }
shop-step-saved = Saved
shop-step-uploaded = Sent to the platform
shop-parked = Sent; somebody is checking
shop-state-placed = Taken and charged
shop-state-approved = Approved
shop-state-declined = Declined, money back
shop-state-packed = Packed
shop-state-delivered = Here: please sign
shop-state-received = Signed for
shop-state-cancelled = Cancelled, money back
shop-state-settled = Settled
shop-said-cancelled = You cancelled; to be confirmed
shop-said-received = You signed; to be confirmed
shop-balance-of = Balance as of { $time }
shop-balance = Balance { $balance }
shop-limit = Limit { $most }, { $left } left until { $time }
shop-frozen-short = Account frozen: see why, and object
shop-pending = Orders not taken yet: { $total }, not charged
shop-orders = My orders
shop-orders-count = { $count } orders
shop-orders-to-sign = { $count } to sign for
shop-orders-empty = No orders yet
shop-order-title = { $time } · { $total }
shop-order-number = Order { $number }
shop-statement = Statement
shop-lines-count = { $count } lines
shop-differs = Ordered, approved, delivered and charged differ: see the lines with “!”.
shop-line-differs = ! { $name }
shop-charged = Charged
shop-cancel = Cancel
shop-again = Buy again
shop-receive = Sign for it
shop-ordered = ordered { $count }
shop-approved = approved { $count }
shop-delivered = came { $count }
shop-received = got { $count }
shop-charged-count = paid { $count }
shop-receive-question = Is all of it right?
shop-good = Got { $count }
shop-problem = Not right
shop-problem-question = { $name }: what is wrong?
shop-problem-hint = One touch is one piece
shop-missing = Missing
shop-wrong = Wrong thing
shop-damaged = Damaged
shop-missing-count = missing { $count }
shop-wrong-count = wrong { $count }
shop-damaged-count = damaged { $count }
shop-all-good = All of it is good
shop-problem-done = That is it
shop-sign = Sign
shop-statement-of = As of { $time } · code { $code } (the same on your family's copy)
shop-incomplete = The statement is still arriving
shop-statement-empty = No lines yet
shop-line-detail = { $time } · balance { $balance }
shop-line-kind =
    { $kind ->
        [deposit] Deposit
        [order] Order
        [returned] Returned
        [refund] Refund
        [deduction] Deduction
        [adjustment] Correction
       *[payout] Paid out
    }
shop-dispute = Not right
shop-see = See
shop-newer = Newer
shop-older = Older
shop-line-marked = You objected; an answer is due
shop-line-answered = Your objection was answered
shop-line-upheld = Put right
shop-why-hint = It is noted. What is wrong? You need not say
shop-why-later = I do not want to say
shop-why =
    { $why ->
        [not_mine] I did not buy it
        [amount] Wrong amount
        [not_received] Nothing came
        [twice] Charged twice
       *[other] Something else
    }
shop-line-time = When
shop-line-balance = Balance after
shop-line-words = What
shop-line-reference = Reference
shop-line-disputed = You objected
shop-line-why = Why
shop-owed = Owed and frozen
shop-owed-paid = { $paid } of { $total } paid
shop-owed-none = Nothing is owed
shop-frozen = Account frozen: { $why }
shop-frozen-since = Frozen since
shop-object = I object
shop-objected = Your objection
refused-shop-empty = The cart is empty
refused-shop-not-yours = There is no such thing of yours here
refused-shop-closed = The shop is closed now. Your cart is kept
refused-shop-frozen = The account is frozen: nothing can be bought now. See why, and object
refused-shop-too-many = More than one order takes
refused-shop-not-offered = Not there now, or not for you
refused-shop-no-kit = There is nothing to be taken
refused-shop-too-late = Packed already
refused-shop-nothing-to-sign = Nothing to sign for now
refused-shop-already = You said so before
refused-shop-turn-over = This turn is over. Your cart is kept; you may get in line again

## The way to what belongs to somebody.

prove-shop = Shop
prove-order = Confirm the order
prove-receive = Confirm receipt
prove-face-hint = Please look at the camera above the screen
prove-pin-hint = Please enter your PIN
prove-pin-again = Your PIN once more: then it counts
prove-face-known = You were recognised. Now your PIN
prove-use-pin = PIN only, without the face
