import Foundation

/// The queue on a whole terminal, by keys alone.
public enum ReviewTerminal {
    /// Shows the queue until the person leaves or the program is asked to end; the terminal is then as it
    /// was before.
    ///
    /// - Parameters:
    ///   - rater: who decides.
    ///   - environment: `TERM` and `NO_COLOR` are looked at.
    /// - Returns: the number of the signal that asked for the end, or nil.
    /// - Throws: what the queue or the terminal has to say when it cannot even begin.
    public static func run(
        _ queue: ReviewQueue, rater: String, filter: ReviewFilter = ReviewFilter(),
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Int32? {
        try ReviewQueue.check(rater: rater)
        let screen = ReviewScreen(rater: rater, filter: filter)
        let page = try await queue.page(filter, rater: rater, limit: ReviewDriver.window)
        let session = try TerminalSession(environment: environment)
        defer { session.leave() }
        var driver = ReviewDriver(queue: queue, session: session, screen: screen)
        driver.take(page)
        return await driver.run()
    }
}

/// Carries out what the screen asks for, and looks for what others do.
struct ReviewDriver {
    /// Lines of the list that are read at once.
    static let window = 200
    private static let pause: Int32 = 300

    let queue: ReviewQueue
    let session: TerminalSession
    var screen: ReviewScreen
    /// What the lines at hand were read for.
    private var known: (filter: ReviewFilter, sequence: Int)?
    private var touchedAt = ContinuousClock.now
    private var claimedAt = ContinuousClock.now

    init(queue: ReviewQueue, session: TerminalSession, screen: ReviewScreen) {
        self.queue = queue
        self.session = session
        self.screen = screen
    }

    mutating func take(_ page: ReviewPage) {
        screen.loaded(page)
        known = (screen.filter, page.sequence)
    }

    mutating func run() async -> Int32? {
        while true {
            paint()
            switch await session.event(milliseconds: Self.pause) {
            case .keys(let keys):
                touchedAt = .now
                if await !press(keys) { return nil }
            case .redraw: session.forget()
            case .nothing: break
            case .closed:
                await release()
                return SIGHUP
            case .ending(let signal):
                await release()
                return signal
            }
            await lookAround()
        }
    }

    private mutating func paint() {
        (screen.columns, screen.rows) = session.size
        screen.layOut(now: Date())
        session.draw(screen.drawn(now: Date()))
    }

    /// - Returns: whether to go on.
    private mutating func press(_ keys: [Key]) async -> Bool {
        for key in keys {
            let steps = screen.press(key, at: .now)
            for step in steps {
                if step == .quit { return false }
                await perform(step)
            }
            // What was typed ahead was meant for something else than is shown now.
            if steps.contains(where: \.showsAnother) { return true }
        }
        return true
    }

    private mutating func perform(_ step: ReviewScreen.Step) async {
        do {
            switch step {
            case .quit: break
            case .suspend: session.suspend()
            case .redraw: session.forget()
            case .load: try await load()
            case .open: try await open()
            case .release(let id): try await queue.release(id, rater: screen.rater)
            case .act(let act, let id): try await carryOut(act, on: id)
            case .undo(let id): try await undo(id)
            }
        } catch {
            screen.say("\(error)", isProblem: true)
        }
    }

    // MARK: Reading

    /// Reads the list around the selection where it is not at hand.
    private mutating func load(anyway: Bool = false) async throws {
        let isKnown = known?.filter == screen.filter && screen.selected != nil
        guard anyway || !isKnown else { return }
        take(
            try await queue.page(
                screen.filter, rater: screen.rater,
                offset: max(0, screen.selection - Self.window / 2), limit: Self.window))
    }

    private mutating func open() async throws {
        try await load()
        guard let id = screen.selected?.id else { return screen.closed() }
        let sheet = try await queue.sheet(of: id, rater: screen.rater)
        screen.opened(sheet, nonce: UUID().uuidString, at: .now)
        await claim(sheet)
    }

    private mutating func claim(_ sheet: ReviewSheet) async {
        guard sheet.line.state.isOpen, sheet.line.decision == nil else { return }
        claimedAt = .now
        do {
            try await queue.claim(sheet.line.id, rater: screen.rater)
        } catch {
            screen.say("\(error)", isProblem: true)
        }
    }

    private func release() async {
        guard let opened = screen.opened else { return }
        // Who leaves cannot be told; the claim runs out by itself.
        try? await queue.release(opened.sheet.line.id, rater: screen.rater)
    }

    /// Sees what others did since, and keeps the claim of somebody who is at work.
    private mutating func lookAround() async {
        do {
            let keep = Duration.seconds(queue.claimSeconds)
            if let opened = screen.opened, ContinuousClock.now - claimedAt > keep / 3,
                ContinuousClock.now - touchedAt < keep
            {
                await claim(opened.sheet)
            }
            guard try await queue.sequence() != known?.sequence else { return }
            let id = screen.opened?.sheet.line.id ?? screen.selected?.id
            try await load(anyway: true)
            if let place = screen.page.lines.firstIndex(where: { $0.id == id }) {
                screen.selection = screen.page.offset + place
            }
            if let opened = screen.opened {
                screen.changed(
                    try await queue.sheet(of: opened.sheet.line.id, rater: screen.rater))
            }
        } catch {
            screen.say("\(error)", isProblem: true)
        }
    }

    // MARK: Deciding

    private mutating func carryOut(_ act: ReviewQueue.Act, on id: String) async throws {
        let state = try await queue.act(act, on: id, rater: screen.rater)
        screen.prompt = nil
        screen.done.append(id)
        try await load(anyway: true)
        // What is decided leaves the list of open items; elsewhere the next one comes after it.
        if screen.selected?.id == id { screen.selection += 1 }
        if screen.filter.part == .open, screen.selection < screen.page.total {
            try await open()
        } else {
            screen.closed()
            try await load(anyway: true)
        }
        let outcome = act.verb.isVote && state.isOpen ? "noted" : state.rawValue
        screen.say("\(id): \(act.verb.rawValue), \(outcome); u takes it back")
    }

    private mutating func undo(_ id: String) async throws {
        let state = try await queue.undo(id, rater: screen.rater)
        if let place = screen.done.lastIndex(of: id) { screen.done.remove(at: place) }
        try await load(anyway: true)
        if screen.opened?.sheet.line.id == id {
            screen.opened(
                try await queue.sheet(of: id, rater: screen.rater), nonce: UUID().uuidString,
                at: .now)
        }
        screen.say("\(id): taken back, \(state.rawValue) again")
    }
}

extension ReviewScreen.Step {
    /// Whether something else is shown afterwards.
    fileprivate var showsAnother: Bool {
        switch self {
        case .open, .act, .undo: true
        case .quit, .suspend, .redraw, .load, .release: false
        }
    }
}
