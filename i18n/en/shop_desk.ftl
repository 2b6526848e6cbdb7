# SPDX-License-Identifier: GPL-3.0-only
## 购物 and 账户, at the desk.

desk-festival = Festival
