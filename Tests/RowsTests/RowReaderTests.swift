import Foundation
import LinearAlgebra
import Testing

@testable import Rows

@Suite struct RowReaderTests {
    @Test func readsJSONLines_withTypesKept() throws {
        let readings = try read(
            "{\"a\": 1, \"b\": \"x\", \"c\": null}\n\n{\"a\": true, \"b\": [1]}", .jsonl)
        #expect(readings.count == 2)
        let first = try #require(readings[0].row)
        #expect(first.columns == ["a", "b", "c"])
        #expect(first["a"] == .number(1) && first["b"] == .text("x") && first["c"] == .missing)
        #expect(first["d"] == nil)
        let second = try #require(readings[1].row)
        #expect(second["a"] == .flag(true) && second["b"] == .compound)
        #expect(second.place == RowPlace(number: 2, line: 3))
    }

    @Test func readsCSV_withLineBreaksQuotesAndByteOrderMark() throws {
        let text =
            "\u{FEFF}id,text,note\r\n1,\"says \"\"no\"\",\r\nthen yes\",\r\n2,5\" disk,\"\"\n3,a,b"
        let readings = try read(text, .csv)
        let rows = try readings.map { try #require($0.row) }
        #expect(rows.map(\.number) == [1, 2, 3])
        #expect(rows.map(\.place.line) == [2, 4, 5])
        #expect(rows[0].columns == ["id", "text", "note"])
        #expect(rows[0]["text"] == .text("says \"no\",\r\nthen yes"))
        #expect(rows[0]["note"] == .missing)
        #expect(rows[1]["text"] == .text("5\" disk"))
        #expect(rows[2]["note"] == .text("b"))
    }

    @Test func setsRecordsAside_withNumberAndReason() throws {
        let bytes: [UInt8] =
            Array("a,b\n1,2\n1,2,3\n".utf8) + [0x31, 0x2C, 0xFF, 0x0A]
            + Array("\"x\"y,2\n3,4\n\"never\nends,5\n".utf8)
        let readings = try read(bytes, .csv)
        #expect(
            readings.map(\.problem) == [
                nil, .wrongFieldCount, .notUTF8, .malformed, nil, .malformed,
            ])
        #expect(readings.map(\.place.number) == Array(1...6))
        #expect(
            readings[5].detail
                == "starts a quotation that never ends: the last 3 lines are part of it")
    }

    @Test func setsMalformedJSONAside() throws {
        let bytes: [UInt8] =
            Array("{\"a\": 1}\n{\"a\": }\n[1]\n{\"a\": \"".utf8) + [0xC3, 0x28]
            + Array("\"}\n{\"a\": 1, \"a\": 2}\n{\"a\": 3}\n".utf8)
        let problems = try read(bytes, .jsonl).map(\.problem)
        #expect(problems == [nil, .malformed, .malformed, .notUTF8, .malformed, nil])
    }

    @Test func refusesHeader_whenItNamesAColumnTwiceOrIsEmpty() {
        #expect(throws: RowError.self) { try read("a,b,a\n1,2,3\n", .csv) }
        #expect(throws: RowError.self) { try read("", .csv) }
        #expect(throws: RowError.self) { try read(Array("a,\"b\n".utf8), .csv) }
        #expect(throws: RowError.self) { try RowReader(path: "/nowhere/rows.csv") }
        #expect(throws: RowError.unknownFormat(path: "rows.txt")) {
            try RowReader(path: "rows.txt")
        }
        #expect(throws: RowError.self) { try RowReader(path: "/", format: .jsonl).next() }
    }

    @Test func setsRecordAside_whenLongerThanTheLimit() throws {
        let long = String(repeating: "x", count: 2000)
        let json = try read("{\"a\":\"\(long)\"}\n{\"a\":\"y\"}\n", .jsonl, limit: 1000)
        #expect(json.map(\.problem) == [.tooLong, nil])
        let csv = try read("a\n\"\(long)\n\(long)\"\ny\n", .csv, limit: 1000)
        #expect(csv.map(\.problem) == [.tooLong, nil])
        #expect(csv[1].place == RowPlace(number: 2, line: 4))
    }

    /// A line of 2 GiB, which a sparse file gives without taking its space.
    @Test(arguments: RowFormat.allCases) func holdsLittle_whenALineHasTwoGibibytes(
        format: RowFormat
    ) throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("rows-\(UUID().uuidString).\(format.rawValue)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(FileManager.default.createFile(atPath: path, contents: Data("a\n".utf8)))
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let start = format == .csv ? "a\n" : "{\"a\": 1}\n"
        let end = format == .csv ? "\n7\n" : "\n{\"a\": 7}\n"
        try handle.write(contentsOf: Data(start.utf8))
        try handle.truncate(atOffset: 2 << 30)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(end.utf8))
        try handle.close()

        let before = try residentPeak()
        let reader = try RowReader(path: path)
        var readings: [RowReader.Reading] = []
        while let reading = try reader.next() { readings.append(reading) }
        let last = try #require(readings.last?.row)
        #expect(last["a"]?.number == 7)
        #expect(readings.count { $0.problem == .tooLong } == 1)
        #expect(reader.peakByteCount < 40 << 20)
        #expect(try residentPeak() - before < 1 << 30)
    }

    @Test func readsAPipe() throws {
        let pipe = Pipe()
        // A mark cut off from what follows it.
        pipe.fileHandleForWriting.write(Data("\u{FEFF}".utf8))
        let source = FileBytes(
            descriptor: pipe.fileHandleForReading.fileDescriptor, name: "pipe", isOwned: false)
        let writer = Thread {
            for part in ["a,", "b\n1", ",\"2\n", "3\"\n"] {
                pipe.fileHandleForWriting.write(Data(part.utf8))
            }
            try? pipe.fileHandleForWriting.close()
        }
        writer.start()
        let reader = try RowReader(source: source, format: .csv)
        let row = try #require(try reader.next()?.row)
        #expect(row["a"] == .text("1") && row["b"] == .text("2\n3"))
        #expect(try reader.next() == nil)
    }

    /// The most memory that this process had at once, in bytes.
    private func residentPeak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.split(separator: " ")[1])) << 10
    }
}
