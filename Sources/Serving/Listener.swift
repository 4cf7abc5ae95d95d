import Foundation

/// A socket that listens.
final class Listener: Sendable {
    enum Arrival {
        case socket(Int32)
        /// Nobody is waiting.
        case none
        /// Somebody is, but cannot be taken now: the process has no descriptor left, for instance.
        case blocked
    }

    let socket: Int32
    let port: Int

    init(host: String, port: Int) throws(ServingError) {
        guard (0...65_535).contains(port) else { throw .badPort(port) }
        let descriptor = try Self.open(host: host, port: port)
        socket = descriptor
        self.port = Self.port(of: descriptor)
    }

    deinit { close(socket) }

    private static func open(host: String, port: Int) throws(ServingError) -> Int32 {
        let number = in_port_t(port).bigEndian
        let text = host == "localhost" ? "127.0.0.1" : host
        // For C, a text ends at its first NUL.
        guard !text.utf8.contains(0) else { throw .badHost(host) }
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = number
        if inet_pton(AF_INET, text, &four.sin_addr) == 1 {
            return try listen(AF_INET, &four, host: host, port: port)
        }
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = number
        if inet_pton(AF_INET6, text, &six.sin6_addr) == 1 {
            return try listen(AF_INET6, &six, host: host, port: port)
        }
        throw .badHost(host)
    }

    /// Both kinds of address have the port in the same place.
    private static func port(of descriptor: Int32) -> Int {
        var address = sockaddr_in6()
        var size = socklen_t(MemoryLayout.size(ofValue: address))
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = getsockname(descriptor, $0, &size)
            }
        }
        return Int(in_port_t(bigEndian: address.sin6_port))
    }

    private static func listen<Address>(
        _ family: Int32, _ address: inout Address, host: String, port: Int
    ) throws(ServingError) -> Int32 {
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = Glibc.socket(family, Int32(kind), 0)
        guard descriptor >= 0 else { throw .system(call: "socket", reason: Descriptor.reason()) }
        Descriptor.prepare(descriptor)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        let size = socklen_t(MemoryLayout<Address>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && Glibc.listen(descriptor, 1_024) == 0
            }
        }
        guard isBound else {
            let reason = Descriptor.reason()
            close(descriptor)
            throw .cannotListen(host: host, port: port, reason: reason)
        }
        return descriptor
    }

    /// The next connection: it never blocks, closes when a program is started, and sends at once.
    func accept() -> Arrival {
        while true {
            let descriptor = Glibc.accept(socket, nil, nil)
            if descriptor >= 0 {
                Descriptor.prepare(descriptor)
                var on: Int32 = 1
                setsockopt(
                    descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on,
                    socklen_t(MemoryLayout<Int32>.size))
                return .socket(descriptor)
            }
            switch errno {
            case EAGAIN: return .none
            // These concern that one connection, which is gone by now.
            case EINTR, ECONNABORTED, EPROTO, EPERM, ETIMEDOUT, ENETDOWN, ENETUNREACH,
                EHOSTDOWN, EHOSTUNREACH:
                continue
            default: return .blocked
            }
        }
    }
}

/// What holds for every descriptor of the server.
enum Descriptor {
    /// It never blocks, and programs that are started do not get it.
    static func prepare(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Why the last call failed.
    static func reason() -> String { String(cString: strerror(errno)) }
}
