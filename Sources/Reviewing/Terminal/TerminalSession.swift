import Foundation

/// What happened at the terminal.
enum TerminalEvent: Hashable, Sendable {
    case keys([Key])
    /// It has another size, or shows something else than was drawn.
    case redraw
    /// Somebody asks the program to end; the number of the signal.
    case ending(Int32)
    /// The terminal is gone.
    case closed
    /// Nothing, for as long as was asked.
    case nothing
}

/// The terminal while a screen has it: raw keys in, painted screens out.
///
/// ``leave()`` must be called; where the program ends otherwise, ``TerminalRestorer`` does it.
///
/// Unchecked: it is used by one task, which waits for each call to return.
final class TerminalSession: @unchecked Sendable {
    /// A lone escape byte is the escape key when nothing follows for so long; slow lines split
    /// sequences by less.
    private static let escapePause: Int32 = 60

    private let queue = DispatchQueue(label: "terminal")
    private let input: Int32 = 0
    private let output: Int32 = 1
    private let hasColours: Bool
    private let before: termios
    private let notices: (read: Int32, write: Int32)
    private var decoder = KeyDecoder()
    private var shown: Screen?

    /// Takes the terminal.
    ///
    /// - Parameter environment: `TERM` and `NO_COLOR` are looked at.
    init(environment: [String: String]) throws(TerminalError) {
        guard isatty(0) == 1, isatty(1) == 1 else { throw .noTerminal }
        let name = environment["TERM"] ?? ""
        guard name != "dumb", !name.isEmpty else { throw .tooPlain(name: name) }
        var attributes = termios()
        guard tcgetattr(1, &attributes) == 0 else {
            throw .refused(operation: "reading its attributes", code: errno)
        }
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw .refused(operation: "a pipe", code: errno) }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        before = attributes
        notices = (ends[0], ends[1])
        hasColours = (environment["NO_COLOR"] ?? "").isEmpty
        TerminalRestorer.hold(output: output, attributes: before, notices: notices.write)
        enter()
    }

    /// Gives the terminal back.
    func leave() {
        TerminalRestorer.release()
        close(notices.read)
        close(notices.write)
    }

    /// The columns and rows there are now, or 80 × 24 where the terminal does not say.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func draw(_ screen: Screen) {
        send(Painter.paint(screen, over: shown, hasColours: hasColours))
        shown = screen
    }

    /// Draws everything anew next time.
    func forget() { shown = nil }

    /// Waits for something to happen, on a thread that may block.
    func event(milliseconds: Int32) async -> TerminalEvent {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: self.next(milliseconds: milliseconds)) }
        }
    }

    private func next(milliseconds: Int32) -> TerminalEvent {
        var waited = [
            pollfd(fd: input, events: Int16(POLLIN), revents: 0),
            pollfd(fd: notices.read, events: Int16(POLLIN), revents: 0),
        ]
        let pause = decoder.isWaiting ? Self.escapePause : milliseconds
        let ready = poll(&waited, 2, pause)
        guard ready > 0 else {
            // A signal says nothing of whether more keys come.
            let keys = ready == 0 ? decoder.flush() : []
            return keys.isEmpty ? .nothing : .keys(keys)
        }
        if waited[1].revents != 0 { return notice() }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(input, &bytes, bytes.count)
        guard count > 0 else { return count < 0 && errno == EINTR ? .nothing : .closed }
        return .keys(decoder.feed(bytes[..<count]))
    }

    /// Lets the shell have the terminal until it continues the program.
    func suspend() {
        TerminalRestorer.release()
        raise(SIGSTOP)
        TerminalRestorer.hold(output: output, attributes: before, notices: notices.write)
        enter()
    }

    private func notice() -> TerminalEvent {
        var number = UInt8(0)
        guard read(notices.read, &number, 1) == 1 else { return .nothing }
        switch Int32(number) {
        case SIGWINCH: return .redraw
        case SIGTSTP:
            suspend()
            return .redraw
        case SIGCONT:
            enter()
            return .redraw
        default: return .ending(Int32(number))
        }
    }

    private func enter() {
        var raw = before
        cfmakeraw(&raw)
        tcsetattr(output, TCSAFLUSH, &raw)
        // The second screen, no wrapping at the right edge, pastes marked as such.
        send("\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h")
        shown = nil
    }

    private func send(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                return
            }
        }
    }
}
