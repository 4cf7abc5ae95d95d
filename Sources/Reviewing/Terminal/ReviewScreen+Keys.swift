import Foundation
import Inquiry

extension ReviewScreen {
    /// Takes a key.
    ///
    /// - Returns: what must be done now, in order.
    mutating func press(_ key: Key, at now: ContinuousClock.Instant) -> [Step] {
        switch key {
        case .control("c"): return leaving(with: .quit)
        case .control("l"): return [.redraw]
        case .control("z"): return [.suspend]
        default: break
        }
        if prompt != nil { return answerPrompt(key, at: now) }
        notice = nil
        switch view {
        case .help:
            view = opened == nil ? .list : .item
            return []
        case .list: return pressInList(key)
        case .item: return pressInItem(key, at: now)
        }
    }

    private func leaving(with step: Step) -> [Step] {
        (opened.map { [.release($0.sheet.line.id)] } ?? []) + [step]
    }

    // MARK: The list

    private mutating func pressInList(_ key: Key) -> [Step] {
        switch key {
        case .character("j"), .down: return select(selection + 1)
        case .character("k"), .up: return select(selection - 1)
        case .pageDown, .character(" "): return select(selection + bodyRows)
        case .pageUp: return select(selection - bodyRows)
        case .home, .character("g"): return select(0)
        case .end, .character("G"): return select(page.total - 1)
        case .enter, .right, .character("l"): return page.total > 0 ? [.open] : []
        case .character("q"): return [.quit]
        case .tab: return choosePart(1)
        case .backTab: return choosePart(-1)
        case .character("t"): return chooseKind()
        case .escape where filter.text != nil:
            filter.text = nil
            return select(0)
        case .character("a"), .character("e"), .character("r"), .character("d"), .character("x"):
            say("open it first (Enter): a decision is about what you have been shown")
        default: return pressAnywhere(key)
        }
        return []
    }

    private mutating func select(_ place: Int) -> [Step] {
        selection = max(0, min(place, page.total - 1))
        return [.load]
    }

    private mutating func choosePart(_ step: Int) -> [Step] {
        let parts = ReviewFilter.Part.allCases
        let place = parts.firstIndex(of: filter.part) ?? 0
        filter.part = parts[(place + step + parts.count) % parts.count]
        return select(0)
    }

    private mutating func chooseKind() -> [Step] {
        let kinds = [nil] + ApprovalKind.allCases.map { ApprovalKind?.some($0) }
        let place = kinds.firstIndex(of: filter.kind) ?? 0
        filter.kind = kinds[(place + 1) % kinds.count]
        return select(0)
    }

    // MARK: An item

    private mutating func pressInItem(_ key: Key, at now: ContinuousClock.Instant) -> [Step] {
        guard let opened else { return [] }
        switch key {
        case .character("j"), .right: return step(1)
        case .character("k"), .left: return step(-1)
        case .down: scroll(1)
        case .up: scroll(-1)
        case .pageDown, .character(" "): scroll(max(1, bodyRows - 2))
        case .pageUp: scroll(-max(1, bodyRows - 2))
        case .home, .character("g"): scroll(-opened.top)
        case .end, .character("G"): scroll(opened.lines.count)
        case .enter: return [.open]
        case .character("q"), .escape:
            let steps: [Step] = [.release(opened.sheet.line.id), .load]
            closed()
            return steps
        case .character("a"): return act(.approve, at: now)
        case .character("d"): return act(.defer, at: now)
        case .character("x"): return act(.escalate, at: now)
        case .character("r"): ask(.reason, "", hasLines: false)
        case .character("e"): askForEdit()
        case .character(let digit) where ("0"..."5").contains(digit):
            self.opened?.rating = digit == "0" ? nil : digit.wholeNumberValue
        default: return pressAnywhere(key)
        }
        return []
    }

    /// The next item or the one before, which lets others have this one.
    private mutating func step(_ step: Int) -> [Step] {
        guard let opened, (0..<page.total).contains(selection + step) else {
            say(step > 0 ? "that was the last one" : "that is the first one")
            return []
        }
        selection += step
        return [.release(opened.sheet.line.id), .load, .open]
    }

    private mutating func scroll(_ lines: Int) {
        guard let opened else { return }
        let last = max(0, opened.lines.count - bodyRows)
        self.opened?.top = max(0, min(opened.top + lines, last))
    }

    private mutating func askForEdit() {
        guard let editable = opened?.sheet.sheet.editable else {
            return say("\(ReviewError.notEditable)", isProblem: true)
        }
        ask(
            .edit(name: editable.name), editable.text,
            hasLines: editable.text.contains(where: \.isNewline))
    }

    /// Nobody sees what is shown in less: a key that repeats decides nothing.
    private static let glance = Duration.milliseconds(250)

    private mutating func act(
        _ verb: ReviewVerb, reason: String? = nil, text: String? = nil,
        at now: ContinuousClock.Instant
    ) -> [Step] {
        guard let opened else { return [] }
        guard now - opened.shownAt >= Self.glance else {
            say("that was too fast to have seen it; nothing was decided")
            return []
        }
        let act = ReviewQueue.Act(
            verb, contentHash: opened.sheet.contentHash, reason: reason, rating: opened.rating,
            text: text, seconds: (now - opened.shownAt) / .seconds(1), nonce: opened.nonce)
        return [.act(act, on: opened.sheet.line.id)]
    }

    // MARK: Both

    private mutating func pressAnywhere(_ key: Key) -> [Step] {
        switch key {
        case .character("?"): view = .help
        case .character("/"): ask(.filter, filter.text ?? "", hasLines: false)
        case .character("u"):
            if let opened, opened.sheet.canUndo { return [.undo(opened.sheet.line.id)] }
            if let last = done.last { return [.undo(last)] }
            say("\(ReviewError.nothingToUndo)", isProblem: true)
        case .paste: say("a pasted text decides nothing")
        default: break
        }
        return []
    }

    // MARK: Prompts

    private mutating func ask(_ purpose: Prompt.Purpose, _ text: String, hasLines: Bool) {
        let limit: Int
        switch purpose {
        case .filter: limit = 200
        case .reason: limit = ReviewQueue.reasonLimit
        case .edit: limit = ReviewQueue.editLimit
        }
        prompt = Prompt(
            purpose: purpose, editor: LineEditor(text, limit: limit), hasLines: hasLines)
    }

    private mutating func answerPrompt(_ key: Key, at now: ContinuousClock.Instant) -> [Step] {
        guard let asked = prompt else { return [] }
        switch key {
        case .escape:
            prompt = nil
            say("nothing was done")
        case .enter where asked.hasLines: _ = prompt?.editor.apply(.control("j"))
        case .enter, .control("s"): return finish(asked, at: now)
        default: _ = prompt?.editor.apply(key)
        }
        return []
    }

    private mutating func finish(_ asked: Prompt, at now: ContinuousClock.Instant) -> [Step] {
        let text = asked.editor.text
        switch asked.purpose {
        case .filter:
            prompt = nil
            filter.text = text.isEmpty ? nil : text
            let release: [Step] = opened.map { [.release($0.sheet.line.id)] } ?? []
            closed()
            return release + select(0)
        // The prompt stays until the queue has taken the decision: what was typed is not lost.
        case .reason: return act(.reject, reason: text, at: now)
        case .edit: return act(.edit, text: text, at: now)
        }
    }
}
