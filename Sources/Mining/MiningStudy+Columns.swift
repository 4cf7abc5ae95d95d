import Rows
import Tools

extension MiningStudy {
    /// The values of candidates on the rows of a role. A candidate that was made from discover and
    /// select rows values each of these by the tool that was made without its fold.
    func columns<Role>(
        of candidates: [Candidate], on view: RoleView<Role>
    ) async throws -> [[ToolValue]] {
        var result = try await bench.columns(of: candidates.map(\.tool), on: view)
        for (place, candidate) in candidates.enumerated() where !candidate.foldTools.isEmpty {
            guard let folds = folds(of: Role.self) else { continue }
            let parts = try await bench.columns(of: candidate.foldTools, on: view)
            result[place] = folds.indices.map { parts[folds[$0]][$0] }
        }
        return result
    }

    /// Nil for rows that nothing is fitted on.
    private func folds<Role: DataRole>(of role: Role.Type) -> [Int]? {
        switch role {
        case is Discover.Type: folds.discover
        case is Select.Type: folds.select
        default: nil
        }
    }
}
