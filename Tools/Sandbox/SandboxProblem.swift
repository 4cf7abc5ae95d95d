/// Why Python cannot be run inside walls on this machine, with the cure.
public enum SandboxProblem: Error, Hashable, Sendable {
    /// The system is not Linux, or its processor has no system call table here.
    case platform(String)
    case noBubblewrap
    case noPython(searched: [String])
    /// bubblewrap is there but cannot make its namespaces.
    case namespaces(message: String)
    /// The probe ran, and a wall that must stand did not.
    case leaky(wall: String)
    /// The probe did not answer as it should.
    case probe(message: String)
}

extension SandboxProblem: CustomStringConvertible {
    public var description: String { "no sandbox for Python tools: \(reason)" }

    private var reason: String {
        switch self {
        case .platform(let name):
            "\(name) is not supported; use expression and prompt tools, or run on Linux (x86-64 or "
                + "ARM64)"
        case .noBubblewrap:
            "bubblewrap (bwrap) is not installed; on Debian or Ubuntu: apt-get install bubblewrap"
        case .noPython(let searched):
            "no python3 was found in \(searched.joined(separator: ", ")); on Debian or Ubuntu: "
                + "apt-get install python3"
        case .namespaces(let message):
            "bubblewrap may not make namespaces (\(ToolError.line(message))); on Ubuntu 23.10 and "
                + "later allow it with `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` "
                + "or an AppArmor profile for bwrap; in Docker run the container with "
                + "`--security-opt seccomp=unconfined`"
        case .leaky(let wall):
            "a probe got through this wall: \(wall); do not run generated code on this machine"
        case .probe(let message): "the probe failed: \(ToolError.line(message))"
        }
    }
}
