import ArgumentParser
import Inquiry

/// What waits for people.
struct ApprovalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A policy in YAML: what waits until people have approved it, see `conjecture help explain`. It is "
                + "kept in the run's manifest.", valueName: "file"), completion: .file())
    var approvals: String?

    @OptionGroup var waiting: WaitingOptions

    /// - Throws: ``ApprovalFileError``.
    func policy() throws -> ApprovalPolicy? { try approvals.map(ApprovalFile.read) }
}

/// What a command does when nothing is left but to wait for people.
struct WaitingOptions: ParsableArguments {
    @Flag(
        help: ArgumentHelp(
            "When nothing is left but to wait for people, leave with exit code 4 instead of staying."
        ))
    var noWait = false

    var isPatient: Bool { !noWait }
}
