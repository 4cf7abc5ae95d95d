import Digests

/// The one time that a run looks at its confirm rows.
public struct ConfirmOpening: Codable, Hashable, Sendable {
    public let rows: Int
    /// Groups, joined where they share near-duplicates.
    public let units: Int
    /// SHA-256 over the confirm rows, in order.
    public let digest: Digest

    public init(rows: Int, units: Int, digest: Digest) {
        self.rows = rows
        self.units = units
        self.digest = digest
    }
}

/// The confirm rows. Nothing about them can be read except through ``open(_:)``, which asks for the
/// record that the opening was journaled.
public struct SealedRows: Sendable {
    private let view: RoleView<Confirm>

    init(_ view: RoleView<Confirm>) { self.view = view }

    /// What the seal says of its content: how much it is, and which.
    public var opening: ConfirmOpening {
        ConfirmOpening(rows: view.count, units: view.unitCount, digest: view.rows.digest)
    }

    /// - Throws: ``RowError/sealBroken`` when `opening` is not the journaled record of these rows.
    public func open(_ opening: ConfirmOpening?) throws(RowError) -> RoleView<Confirm> {
        guard opening == self.opening else { throw .sealBroken }
        return view
    }
}
