import Foundation

/// Gives the terminal back as it was found, whatever ends the program.
///
/// Signal handlers may touch nothing that is allocated or locked, so what they need lies in memory
/// that is set up before and never freed; one terminal at a time is held.
enum TerminalRestorer {
    /// What a handler needs.
    private struct Held {
        var isHeld: sig_atomic_t = 0
        var output: Int32 = -1
        /// Where the numbers of signals are written for ``TerminalSession`` to read.
        var notices: Int32 = -1
        var asked: sig_atomic_t = 0
        var attributes = termios()
        var farewell: UnsafePointer<UInt8>?
        var farewellCount = 0
    }

    /// Shows the cursor, ends bracketed paste, lets lines wrap, leaves the second screen.
    private static let farewell = Array(
        "\u{1B}[0m\u{1B}[?2004l\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l".utf8)

    /// Only written while no handler is installed, but for two flags of a type made for handlers.
    nonisolated(unsafe) private static let held: UnsafeMutablePointer<Held> = {
        let held = UnsafeMutablePointer<Held>.allocate(capacity: 1)
        held.initialize(to: Held())
        let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: farewell.count)
        bytes.initialize(from: farewell, count: farewell.count)
        held.pointee.farewell = UnsafePointer(bytes)
        held.pointee.farewellCount = farewell.count
        atexit { TerminalRestorer.restore() }
        return held
    }()

    /// Signals that ask for an end, that touch what is shown, and those of a broken program.
    private static let ending = [SIGINT, SIGTERM, SIGHUP]
    private static let drawing = [SIGWINCH, SIGTSTP, SIGCONT]
    private static let breaking = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGQUIT]

    /// The handlers that were there before.
    nonisolated(unsafe) private static var previous: [Int32: sigaction] = [:]

    /// Takes note of how the terminal was and takes the signals.
    static func hold(output: Int32, attributes: termios, notices: Int32) {
        held.pointee.output = output
        held.pointee.attributes = attributes
        held.pointee.notices = notices
        held.pointee.asked = 0
        held.pointee.isHeld = 1
        for number in ending { install(number, flags: 0) { TerminalRestorer.end($0) } }
        for number in drawing {
            install(number, flags: SA_RESTART) { TerminalRestorer.notice($0) }
        }
        // The handler runs once; the signal then does what it would have done.
        for number in breaking {
            install(number, flags: Int32(bitPattern: UInt32(SA_RESETHAND)) | SA_NODEFER) { number in
                TerminalRestorer.restore()
                raise(number)
            }
        }
    }

    /// Restores the terminal and gives the signals back.
    static func release() {
        restore()
        for (number, action) in previous {
            var action = action
            sigaction(number, &action, nil)
        }
        previous = [:]
    }

    /// Restores the terminal; safe within a signal handler, and done once.
    static func restore() {
        guard held.pointee.isHeld == 1 else { return }
        held.pointee.isHeld = 0
        if let farewell = held.pointee.farewell {
            _ = write(held.pointee.output, farewell, held.pointee.farewellCount)
        }
        tcsetattr(held.pointee.output, TCSANOW, &held.pointee.attributes)
    }

    private static func install(
        _ number: Int32, flags: Int32, _ handler: @convention(c) @escaping (Int32) -> Void
    ) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        action.sa_flags = flags
        var before = sigaction()
        sigaction(number, &action, &before)
        previous[number] = before
    }

    /// A first signal is told to the session; a second one does not wait for it.
    private static func end(_ number: Int32) {
        if held.pointee.asked != 0 {
            restore()
            _exit(128 + number)
        }
        held.pointee.asked = 1
        notice(number)
    }

    private static func notice(_ number: Int32) {
        let code = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(held.pointee.notices, &byte, 1)
        errno = code
    }
}
