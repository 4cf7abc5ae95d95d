import JSON

extension Sandbox {
    /// Walls that the probe touches, by the name it reports them with.
    private static let probeSource = """
        import os, socket
        def attempt(action):
            try:
                action()
            except OSError:
                return False
            return True
        def feature(text):
            walls = {
                "files": lambda: open("/etc/passwd"),
                "writing": lambda: open("/usr/conjecture-probe", "w"),
                "network": lambda: socket.socket(),
                "processes": lambda: os.fork() or os._exit(0),
                "signals": lambda: os.kill(os.getpid(), 0),
            }
            for place, action in enumerate(walls.values()):
                if attempt(action):
                    return place
            return 100 if len(os.environ) < 10 else 5
        """

    private static let walls = [
        "host files", "writing", "the network", "new processes", "signals", "the environment",
    ]

    /// Runs a tool that tries to get out; in the mode without walls, one that only answers.
    func tryWalls() async throws(SandboxProblem) {
        let source = mode == .walled ? Self.probeSource : "def feature(text): return 100"
        var limits = SandboxLimits()
        limits.processorSeconds = 5
        limits.seconds = 10
        var walled = self
        walled.watches = false
        let values: [ToolValue]
        do throws(PythonFault) {
            values = try await walled.values(of: source, on: ["probe"], limits: limits)
        } catch {
            throw Self.problem(error)
        }
        guard let answer = values.first?.number, answer != 100 else {
            if values.first?.number == nil { throw .probe(message: "it gave no number") }
            return
        }
        throw .leaky(wall: Self.walls[max(0, min(Self.walls.count - 1, Int(answer)))])
    }

    private static func problem(_ fault: PythonFault) -> SandboxProblem {
        switch fault {
        case .tooFewAnswers(_, _, let messages) where messages.contains("bwrap:"),
            .died(_, let messages) where messages.contains("bwrap:"):
            .namespaces(message: messages)
        default: .probe(message: fault.description)
        }
    }
}
