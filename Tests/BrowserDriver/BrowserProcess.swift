import CSpawn
import Foundation
import Synchronization

/// The browser's process: started in a group of its own, with the protocol's pipe on its descriptors 3
/// and 4 and a new folder as its profile.
final class BrowserProcess: Sendable {
    /// Also names its process group.
    let identifier: pid_t
    let profile: URL
    /// What the browser writes.
    let output: Int32
    /// What the browser reads.
    let input: Int32
    private let isGone = Mutex(false)

    init(path: String, width: Int, height: Int) throws {
        profile = FileManager.default.temporaryDirectory.appendingPathComponent(
            "browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        let toBrowser = try Self.pipe()
        let fromBrowser = try Self.pipe()
        defer {
            close(toBrowser.read)
            close(fromBrowser.write)
        }
        input = toBrowser.write
        output = fromBrowser.read
        do {
            identifier = try Self.spawn(
                [path] + Self.flags(profile: profile, width: width, height: height),
                reading: toBrowser.read, writing: fromBrowser.write)
        } catch {
            close(input)
            close(output)
            try? FileManager.default.removeItem(at: profile)
            throw error
        }
    }

    deinit {
        close(input)
        close(output)
    }

    private static func flags(profile: URL, width: Int, height: Int) -> [String] {
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--remote-debugging-pipe", "--user-data-dir=\(profile.path)",
            "--window-size=\(width),\(height)", "--no-first-run", "--no-default-browser-check",
            "--disable-extensions", "--disable-component-update", "--disable-sync",
            "--disable-background-networking", "--disable-breakpad", "--disable-dev-shm-usage",
            "--force-color-profile=srgb", "--lang=en-GB", "about:blank",
        ]
    }

    /// Numbered above the two that the child's ends become, so that neither overwrites the other; closed
    /// in whatever else this process starts.
    private static func pipe() throws(BrowserError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .start(code: errno) }
        let high = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        for end in ends { close(end) }
        guard high.allSatisfy({ $0 >= 0 }) else { throw .start(code: errno) }
        return (high[0], high[1])
    }

    private static func spawn(_ words: [String], reading: Int32, writing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for standard in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, standard, "/dev/null", O_RDWR, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, reading, 3)
        posix_spawn_file_actions_adddup2(&actions, writing, 4)
        posix_spawn_file_actions_addclosefrom_np(&actions, 5)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Dispatch blocks signals in its threads; the browser must not inherit that.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, words[0], &actions, &attributes, arguments, environ)
        guard code == 0 else { throw BrowserError.start(code: code) }
        return identifier
    }

    /// Whether its first process has ended; reaps it.
    var hasEnded: Bool {
        isGone.withLock { isGone in
            if !isGone {
                var status: Int32 = 0
                isGone = waitpid(identifier, &status, WNOHANG) == identifier
            }
            return isGone
        }
    }

    /// Kills the group and takes the profile away. Can be called again.
    func kill() {
        // The group's number is not given away while a member lives; once none does, nothing is hit
        // unless the number came round, for which the reaped first process would have to be followed
        // by 32,768 others within this test.
        if !hasEnded || FileManager.default.fileExists(atPath: profile.path) {
            _ = Foundation.kill(-identifier, SIGKILL)
        }
        var patience = 500
        // Its helpers may still be writing in their last moments.
        while !hasEnded || Self.count(inGroup: identifier) > 0, patience > 0 {
            usleep(10_000)
            patience -= 1
        }
        try? FileManager.default.removeItem(at: profile)
    }

    /// How many processes of a group run; those that have ended and wait to be reaped do not.
    static func count(inGroup group: pid_t) -> Int {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return folders.filter { folder in
            // "number (name) state parent group …", where the name may hold anything.
            guard pid_t(folder) != nil,
                let status = try? String(contentsOfFile: "/proc/\(folder)/stat", encoding: .utf8),
                let end = status.lastIndex(of: ")")
            else { return false }
            let fields = status[end...].split(separator: " ")
            return fields.count > 3 && fields[1] != "Z" && pid_t(fields[3]) == group
        }.count
    }
}
