import Foundation

/// Why the server cannot start.
public enum ServingError: Error, Equatable, Sendable {
    /// Neither an address nor "localhost".
    case badHost(String)
    /// Not from 0 to 65,535.
    case badPort(Int)
    case cannotListen(host: String, port: Int, reason: String)
    /// Of the system: no more descriptors, for instance.
    case system(call: String, reason: String)
    /// A server starts once.
    case startedBefore
}

extension ServingError: CustomStringConvertible, LocalizedError {
    public var errorDescription: String? { description }

    /// One line: what it is about, what is wrong, what to do.
    public var description: String {
        switch self {
        case .badHost(let host):
            "\"\(host)\": not an address to listen on; give one of this machine's, "
                + "as in 127.0.0.1 or ::1"
        case .badPort(let port): "port \(port): ports are from 1 to 65535; 0 takes any free one"
        case .cannotListen(let host, let port, let reason):
            "cannot listen on \(host), port \(port): \(reason); "
                + "choose another port, or 0 for any free one"
        case .system(let call, let reason):
            "the server cannot start: \(call) failed: \(reason); "
                + "look at the limits of the process (ulimit -n)"
        case .startedBefore: "the server was started before; make a new one"
        }
    }
}
