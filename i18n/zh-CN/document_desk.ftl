# SPDX-License-Identifier: GPL-3.0-only
## 签名捺印, at the desk: what people are asked to sign, and what they said to it.

desk-nav-documents = 签名捺印
desk-documents-what = 请人签的文书。本人看完全文才能签；内容一改就是新的一版，要重新签，旧签名留在旧版上。不同意的，请找本人谈话；不签名没有别的后果。
desk-documents-empty = 没有文书
desk-documents-caption = 等处理的在前，最多 { $count } 行
desk-documents-print = 待线下捺印
desk-document = 文书
desk-document-kind = 种类
desk-document-kind-name =
    { $kind ->
        [health] 健康状况确认书
        [property] 随身物品清单
        [pledge] 保证书
        [rights] 权利义务告知书
        [mediation] 调解协议
        [other] 其他文书
       *[other] { $kind }
    }
desk-document-version = 版本
desk-document-state =
    { $state ->
        [open] 等本人看
        [signed] 已签名
        [declined] 不同意
        [closed] 已撤回
        [changed] 已改版
       *[other] { $state }
    }
desk-document-asked = { $name } 于 { $time } 发出
desk-document-ask = 请人签一份文书
desk-document-ask-do = 发出
desk-document-whom = 给谁
desk-document-title = 标题
desk-document-text = 正文（一行一段，每段最多 { $chars } 字，最多 { $count } 段）
desk-document-wants-print = 还要捺印（本机没有捺印设备，在线下纸上按）
desk-document-templates = 从样本开始：
desk-document-template-health = 本人入所时的健康状况已经医生当面检查，检查结果如下：________。
    本人自述有无疾病、外伤、过敏：________。
    以上情况与本人所知一致。如有不符，请选“不同意”并说明。
desk-document-template-property = 本人入所时随身物品由民警当面清点，由看守所代为保管，清单如下：________。
    现金金额：________元。
    出所时凭本清单领回。如有缺少或不符，请选“不同意”并说明。
desk-document-template-pledge = 本人已了解看守所一日生活制度和监室规定，愿意遵守。
    遇到困难会先报告民警，不与他人争吵。
    本保证书出于自愿。如果不是自愿，请选“不同意”。
desk-document-template-rights = 您有权委托辩护人；经济困难的可以申请法律援助，也可以约见值班律师。
    您有权向驻所检察官反映情况，信件加密，任何人不得扣押。
    您有权申请看病，病情危急可以随时报警。
    您应当遵守法律法规和监室规定。
    签名只表示您已经看过，不表示放弃任何权利。
desk-document-template-mediation = 双方于________因________发生纠纷，经民警主持调解，自愿达成以下协议：________。
    本协议出于双方自愿。不愿意的，请选“不同意”，不签名没有别的后果。
desk-document-template-other = ________
desk-document-digest = 正文摘要（SHA-256）
desk-document-answers = 本人的答复
desk-document-answers-none = 还没有答复
desk-document-signed-at = { $time } 签名，编号 { $number }
desk-document-declined-at = { $time } 表示不同意，编号 { $number }
desk-document-heard = 终端逐页念过全文
desk-document-check-face = 核验：人脸和密码
desk-document-check-pin = 核验：密码
desk-document-uploaded = { $time } 到达平台
desk-document-strokes = 本人签名的笔迹
desk-document-why = 原因：{ $why }
desk-document-words = 本人的话：{ $words }
desk-document-received = { $name } 于 { $time } 签收
desk-document-receive = 签收
desk-document-print-waits = 待线下捺印
desk-document-print-done = { $name } 于 { $time } 记为已线下捺印
desk-document-print-do = 已线下捺印
desk-document-talked = { $name } 于 { $time } 记为已谈话
desk-document-talked-do = 已谈话
desk-document-withdraw = 撤回，不再要求签名
desk-document-change = 修改正文，作为新的一版再请本人看
desk-document-change-do = 发出新的一版
desk-document-versions = 各版
desk-document-pdf = 下载 PDF
desk-document-said-done = 已办好
desk-document-said-state = 现在不能这样办，页面已经是最新的
desk-document-said-unsound = 标题或正文空着、太长，或没有选人
desk-document-said-full = 这个人的文书太多了
