import LinearAlgebra
import Rows
import Subjects

/// Activations that somebody else measured, with a table of what holds on each.
///
/// The table is a CSV or JSONL file with a record for each row of activations, in their order. Every
/// column but the group's is a property: 0 or 1, or true or false.
public struct LabelledRows: Sendable {
    let rows: EvaluationRows

    /// More bytes of activations are not held.
    public static let byteLimit = 4 << 30
    public static let propertyLimit = 4096

    /// - Parameters:
    ///   - activations: an .npy or .safetensors file, [n × d].
    ///   - tensor: the table's name in a .safetensors file; may be nil where there is only one.
    ///   - groups: the column that says which rows belong together; without one, runs of neighbouring
    ///     rows do.
    /// - Throws: ``EvaluationError`` where a file is not what it should be.
    public init(
        activations: String, tensor: String? = nil, properties: String, groups: String? = nil
    ) throws(EvaluationError) {
        let mapped: MappedRows
        do throws(SubjectError) {
            mapped = try MappedRows(path: activations, tensor: tensor)
        } catch {
            throw .subject(error)
        }
        guard mapped.count * mapped.width * 4 <= Self.byteLimit else {
            throw .badFile(
                path: activations,
                reason: "its \(mapped.count) rows take more than \(Self.byteLimit >> 30) GiB. Give "
                    + "fewer")
        }
        let table = try LabelTable(path: properties, groups: groups, count: mapped.count)
        var values = [Float](repeating: 0, count: mapped.count * mapped.width)
        values.withUnsafeMutableBufferPointer { mapped.read(0..<mapped.count, into: $0) }
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw .badFile(
                path: activations, reason: "row \(place / mapped.width + 1) has no finite number")
        }
        rows = EvaluationRows(
            values: Matrix(rows: mapped.count, columns: mapped.width, storage: values),
            properties: table.properties, groups: table.groups)
    }
}

/// The table of properties beside a file of activations.
private struct LabelTable {
    let properties: PropertyBits
    let groups: [Int]

    init(path: String, groups column: String?, count: Int) throws(EvaluationError) {
        var names: [String] = []
        var bits: [BitSet] = []
        var numbers: [Cell: Int] = [:]
        var groups: [Int] = []
        try Self.forEachRow(path) { (row: Row) throws(EvaluationError) in
            if groups.isEmpty {
                names = row.columns.filter { $0 != column }
                guard (1...LabelledRows.propertyLimit).contains(names.count) else {
                    throw .tooFew(what: "columns of properties", found: names.count, least: 1)
                }
                bits = names.map { _ in BitSet(count: count) }
            }
            guard groups.count < count else {
                throw .badFile(
                    path: path,
                    reason: "it has more than \(count) rows, as many as "
                        + "there are activations")
            }
            for (number, name) in names.enumerated() {
                if try Self.flag(row, name, path) { bits[number].insert(groups.count) }
            }
            guard let column else {
                groups.append(groups.count * LabelTable.runCount / max(count, LabelTable.runCount))
                return
            }
            guard let cell = row[column], cell != .missing else {
                throw .badFile(path: path, reason: "\(row.place) has no group in \"\(column)\"")
            }
            let number = numbers[cell] ?? numbers.count
            numbers[cell] = number
            groups.append(number)
        }
        guard groups.count == count else {
            throw .badFile(
                path: path,
                reason: "it has \(groups.count) rows, and there are \(count) activations")
        }
        properties = PropertyBits(names: names, rowCount: count, bits: bits)
        self.groups = groups
    }

    /// Runs of rows that are drawn together where no column says what belongs together.
    private static let runCount = 1000

    private static func forEachRow(
        _ path: String, _ body: (Row) throws(EvaluationError) -> Void
    ) throws(EvaluationError) {
        do {
            let reader = try RowReader(path: path)
            while let reading = try reader.next() {
                switch reading {
                case .row(let row): try body(row)
                case .unreadable(let place, _, let detail):
                    throw EvaluationError.badFile(
                        path: path, reason: "\(place) cannot be read: \(detail)")
                }
            }
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw .badFile(path: path, reason: "\(error)")
        }
    }

    private static func flag(
        _ row: Row, _ name: String, _ path: String
    ) throws(EvaluationError) -> Bool {
        switch row[name] {
        case .flag(let value): return value
        case .text("true"), .text("True"): return true
        case .text("false"), .text("False"): return false
        case let cell?:
            if cell.number == 0 { return false }
            if cell.number == 1 { return true }
        case nil: break
        }
        throw .badFile(
            path: path, reason: "\(row.place) has in \"\(name.prefix(60))\" neither 0 nor 1")
    }
}

extension DictionaryEvaluation {
    /// For rows of files; half of the groups are there to choose latents on, half to measure on.
    ///
    /// - Throws: ``EvaluationError/tooFew(what:found:least:)``.
    public init(
        labelled: LabelledRows, name: String, seed: UInt64, settings: Settings = Settings(),
        probe: LinearProbe.Settings? = LinearProbe.Settings()
    ) throws(EvaluationError) {
        guard labelled.rows.groupCount >= 4 else {
            throw .tooFew(what: "groups of rows", found: labelled.rows.groupCount, least: 4)
        }
        let (training, test) = labelled.rows.split(share: 0.5, seed: seed)
        try self.init(
            training: training, test: test, place: name, settings: settings, probe: probe)
    }
}
