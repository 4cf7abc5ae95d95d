import Digests
import Foundation

/// What the tokens of raters are made from. Whoever has it can act for anybody: it lies in a file
/// that only its owner may read, beside the memory.
public struct ReviewSecret: Sendable {
    private static let byteCount = 32

    private let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The secret beside a memory, made when there is none.
    ///
    /// - Parameter isNew: replaces one that is there, so that tokens given out before open nothing.
    /// - Throws: ``ServeError``.
    public static func beside(
        memory: String, isNew: Bool = false
    ) throws(ServeError) -> ReviewSecret {
        let path = URL(fileURLWithPath: memory).deletingLastPathComponent()
            .appendingPathComponent("review-secret").path
        if !isNew, let secret = try read(path) { return secret }
        try write(to: path, replacing: isNew)
        guard let secret = try read(path) else { throw .secret(path: path, reason: "it is gone") }
        return secret
    }

    private static func read(_ path: String) throws(ServeError) -> ReviewSecret? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .secret(path: path, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & 0o077 == 0 else {
            throw .secret(path: path, reason: "others may read it: chmod 600 it")
        }
        var text = [UInt8](repeating: 0, count: 2 * byteCount)
        guard Foundation.read(descriptor, &text, text.count) == text.count,
            let digest = Digest(hex: String(decoding: text, as: UTF8.self))
        else {
            throw .secret(path: path, reason: "it is damaged: make a new one with --new-tokens")
        }
        return ReviewSecret(bytes: digest.bytes)
    }

    /// Writes a new secret, whole or not at all. Of two processes that do so at once, one wins.
    private static func write(to path: String, replacing: Bool) throws(ServeError) {
        var generator = SystemRandomNumberGenerator()
        let text =
            (0..<byteCount).map { _ in
                let byte = UInt8.random(in: 0...255, using: &generator)
                return (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }.joined() + "\n"
        let draft = "\(path).\(getpid()).new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .secret(path: path, reason: String(cString: strerror(errno)))
        }
        defer { unlink(draft) }
        let isWritten =
            Foundation.write(descriptor, text, text.utf8.count) == text.utf8.count
            && fsync(descriptor) == 0
        close(descriptor)
        let isPlaced =
            isWritten && (replacing ? rename(draft, path) : link(draft, path)) == 0
        guard isPlaced || (!replacing && errno == EEXIST) else {
            throw .secret(path: path, reason: String(cString: strerror(errno)))
        }
    }

    // MARK: Tokens

    /// Browsers do not tell cookies of one machine apart by port: memories side by side have their own.
    var cookieName: String {
        let digest = SHA256.authentication(of: "cookie".utf8, key: bytes)
        return "conjecture-review-\(digest.hex.prefix(8))"
    }

    /// What a token is good for; none can be used in place of another.
    enum Use: String {
        /// In the address that a rater opens first.
        case enter
        /// In the cookie.
        case session
        /// In what a page sends.
        case form
    }

    /// In hexadecimal digits.
    func token(_ use: Use, rater: String) -> String {
        SHA256.authentication(of: "\(use.rawValue) \(rater)".utf8, key: bytes).hex
    }

    /// Whether somebody was given the token; takes as long for a wrong one as for the right one.
    func accepts(_ token: String, _ use: Use, rater: String) -> Bool {
        let (given, right) = (Array(token.utf8), Array(self.token(use, rater: rater).utf8))
        guard given.count == right.count else { return false }
        return zip(given, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension ReviewSecret: CustomStringConvertible, CustomReflectable {
    public var description: String { "a secret" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
