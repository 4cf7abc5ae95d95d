/// A filter of system calls for the process of a tool, as a classic BPF program.
///
/// What a feature of a text has no use for fails with EPERM: new processes (threads may be made),
/// sockets, signals, tracing, mounts, namespaces, keys, kernel modules, BPF, io_uring, memory that
/// the address-space limit does not cover. A foreign instruction set's calls kill. Namespaces alone
/// do not stop a fork bomb, and RLIMIT_NPROC does not bind root.
///
/// - Source: Linux `Documentation/userspace-api/seccomp_filter.rst`; call numbers from
///   `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`.
struct SystemCallFilter {
    /// Which instruction set the numbers are of.
    enum Architecture {
        case x86_64, arm64

        /// This machine's, if it has a table here.
        static var current: Architecture? {
            #if arch(x86_64)
                .x86_64
            #elseif arch(arm64)
                .arm64
            #else
                nil
            #endif
        }

        /// `AUDIT_ARCH_…`.
        var identifier: UInt32 {
            switch self {
            case .x86_64: 0xC000_003E
            case .arm64: 0xC000_00B7
            }
        }
    }

    let architecture: Architecture

    private static let clone3: UInt32 = 435
    private static let threadFlag: UInt32 = 0x1_0000
    /// Calls of x86-64's second table carry this bit.
    private static let x32Bit: UInt32 = 0x4000_0000
    private static let allow: UInt32 = 0x7FFF_0000
    private static let killProcess: UInt32 = 0x8000_0000
    private static let notPermitted: UInt32 = 0x0005_0000 | 1
    private static let noSuchCall: UInt32 = 0x0005_0000 | 38

    /// The program's bytes: instructions of 8, as `struct sock_filter` in memory.
    var bytes: [UInt8] { program.flatMap(\.bytes) }

    private struct Instruction {
        let code: UInt16
        var whenTrue: UInt8 = 0
        var whenFalse: UInt8 = 0
        let operand: UInt32

        static func load(_ offset: UInt32) -> Self { Self(code: 0x20, operand: offset) }
        static func answer(_ value: UInt32) -> Self { Self(code: 0x06, operand: value) }
        static func isEqual(_ value: UInt32, skip: Int) -> Self {
            Self(code: 0x15, whenTrue: UInt8(skip), operand: value)
        }
        static func isAtLeast(_ value: UInt32, skip: Int) -> Self {
            Self(code: 0x35, whenTrue: UInt8(skip), operand: value)
        }
        static func hasBit(_ value: UInt32, skip: Int, else other: Int) -> Self {
            Self(code: 0x45, whenTrue: UInt8(skip), whenFalse: UInt8(other), operand: value)
        }

        var bytes: [UInt8] {
            [
                UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), whenTrue,
                whenFalse,
            ]
                + (0..<4).map { UInt8(truncatingIfNeeded: operand >> (8 * $0)) }
        }
    }

    private var program: [Instruction] {
        var list: [Instruction] = [
            // struct seccomp_data: the number at 0, the architecture at 4, arguments from 16.
            .load(4), .isEqual(architecture.identifier, skip: 1), .answer(Self.killProcess),
            .load(0),
        ]
        let denied = Self.denied(architecture)
        let tests: [(UInt32, Target)] =
            [(Self.clone3, .noSuchCall), (Self.clone(architecture), .clone)]
            + denied.map { ($0, .deny) }
        // After the tests: allow, then the target blocks in the order of `Target`.
        for (index, (number, target)) in tests.enumerated() {
            list.append(.isEqual(number, skip: tests.count - index - 1 + target.rawValue))
        }
        if architecture == .x86_64 {
            list.insert(
                .isAtLeast(Self.x32Bit, skip: tests.count + Target.deny.rawValue), at: 4)
        }
        return list + [
            .answer(Self.allow),
            .load(16), .hasBit(Self.threadFlag, skip: 0, else: 2), .answer(Self.allow),
            .answer(Self.noSuchCall),
            .answer(Self.notPermitted),
        ]
    }

    /// Where a test leads, in instructions after the last test.
    private enum Target: Int {
        case clone = 1
        case noSuchCall = 4
        case deny = 5
    }

    private static func clone(_ architecture: Architecture) -> UInt32 {
        architecture == .x86_64 ? 56 : 220
    }

    private static func denied(_ architecture: Architecture) -> [UInt32] {
        calls.compactMap { architecture == .x86_64 ? $0.x86 : $0.arm } + sharedNumbers
    }

    /// Calls since 2018 have one number everywhere: signals by descriptor, io_uring, the new mount
    /// calls, pidfd_open and pidfd_getfd, mount_setattr, process_madvise, memfd_secret, mrelease.
    private static let sharedNumbers: [UInt32] = [
        424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 438, 440, 442, 447, 448,
    ]

    private static let calls: [(x86: UInt32?, arm: UInt32?)] = [
        (57, nil), (58, nil),  // fork, vfork
        (41, 198), (53, 199), (42, 203), (49, 200), (50, 201),  // socket … listen
        (43, 202), (288, 242),  // accept, accept4
        (62, 129), (200, 130), (234, 131), (129, 138), (297, 240),  // kill … rt_tgsigqueueinfo
        (101, 117), (310, 270), (311, 271), (312, 272),  // ptrace, process_vm_…, kcmp
        (165, 40), (166, 39), (155, 41), (161, 51),  // mount, umount2, pivot_root, chroot
        (272, 97), (308, 268), (135, 92),  // unshare, setns, personality
        (321, 280), (298, 241), (323, 282),  // bpf, perf_event_open, userfaultfd
        (248, 217), (249, 218), (250, 219),  // add_key, request_key, keyctl
        (319, 279), (29, 194), (30, 196), (68, 186), (64, 190), (240, 180),  // memfd … mq
        (303, 264), (304, 265), (300, 262), (278, 75),  // …handle_at, fanotify_init, vmsplice
        (175, 105), (313, 273), (176, 106), (246, 104), (320, 294),  // modules, kexec
        (169, 142), (167, 224), (168, 225), (163, 89), (103, 116),  // reboot, swap, acct, syslog
        (164, 170), (227, 112), (159, 171), (305, 266),  // clocks
        (170, 161), (171, 162), (172, nil), (173, nil), (179, 60),  // host names, ports, quotactl
        (153, 58), (237, 235), (238, 237), (256, 238), (279, 239),  // vhangup, memory policies
    ]
}
