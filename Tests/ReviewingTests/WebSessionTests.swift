import Foundation
import HTTP
import Serving
import Testing

@testable import Reviewing

@Suite struct WebSessionTests {
    @Test func letsARaterIn_byTheAddressMadeForThem() async throws {
        let web = try WebFixture()
        let addresses = web.server.addresses
        #expect(addresses.map(\.rater) == ["ann", "bob"])
        let entry = try await web.client.send(HTTPRequest(.get, addresses[0].address))
        #expect(entry.status == 303)
        #expect(entry.headers["Location"] == "/")
        let cookie = try #require(entry.headers["Set-Cookie"])
        #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
        let page = try await web.client.send(
            HTTPRequest(
                .get, web.origin + "/",
                headers: ["Cookie": "other=1; " + String(cookie.prefix { $0 != ";" })]))
        #expect(page.status == 200)
        // The page carries what its script must send back, and nothing else that opens anything.
        #expect(page.text.contains(web.secret.token(.form, rater: "ann")))
        for use in [ReviewSecret.Use.enter, .session] {
            #expect(!page.text.contains(web.secret.token(use, rater: "ann")))
        }
        await web.server.stop()
    }

    /// Browsers leave the cookie out when a link elsewhere leads here by a redirection.
    @Test func letsARaterIn_whoFollowsALinkFromElsewhere() async throws {
        let web = try WebFixture()
        let entry = try await web.client.send(
            HTTPRequest(
                .get, web.server.addresses[1].address, headers: ["Sec-Fetch-Site": "cross-site"]))
        #expect(entry.status == 200)
        #expect(entry.headers["Set-Cookie"]?.contains("=bob.") == true)
        #expect(entry.text.contains("url=/"))
        await web.server.stop()
    }

    @Test func protectsEveryReply() async throws {
        let web = try WebFixture()
        for (path, status) in [
            ("/", 200), ("/assets/review.css", 200), ("/assets/review.js", 200), ("/none", 404),
            ("/items/x", 400), ("/help", 200), ("/runs", 200), ("/raters", 200),
            ("/search?q=rain", 200), ("/search?q=%22%28", 200), ("/assets/none", 404),
            ("/?part=mine&kind=tool&run=explain-1a2b3c4d&text=x&offset=3", 200), ("/?part=x", 400),
            ("/?offset=-1", 400), ("/?offset=99999999999999999999", 400), ("/?kind=x", 400),
            ("/?text=\(String(repeating: "x", count: 201))", 400), ("/?kind=&run=&text=", 200),
        ] {
            let reply = try await web.get(path)
            #expect(reply.status == status, "\(path)")
            for header in ReviewSite.protection {
                #expect(reply.headers[header.name] == header.value, "\(path)")
            }
        }
        await web.server.stop()
    }

    @Test func keepsTheSecret_whereOnlyItsOwnerReadsIt() throws {
        let memory = try SampleMemory()
        let path = memory.store.path
        let secret = try ReviewSecret.beside(memory: path)
        let file = memory.folder.appendingPathComponent("review-secret").path
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let token = secret.token(.enter, rater: "ann")
        // A server that starts again accepts what it gave out.
        #expect(try ReviewSecret.beside(memory: path).accepts(token, .enter, rater: "ann"))
        #expect(try !ReviewSecret.beside(memory: path).accepts(token, .session, rater: "ann"))
        #expect(try !ReviewSecret.beside(memory: path).accepts(token, .enter, rater: "bob"))
        let new = try ReviewSecret.beside(memory: path, isNew: true)
        #expect(!new.accepts(token, .enter, rater: "ann"))
        #expect(!"\(secret)".contains(try String(contentsOfFile: file, encoding: .utf8).prefix(8)))
        let left = try FileManager.default.contentsOfDirectory(atPath: memory.folder.path)
        #expect(!left.contains { $0.hasSuffix(".new") })
    }

    @Test func refusesASecret_thatOthersReadOrThatIsDamaged() throws {
        let memory = try SampleMemory()
        let path = memory.store.path
        _ = try ReviewSecret.beside(memory: path)
        let file = memory.folder.appendingPathComponent("review-secret").path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(throws: ServeError.self) { try ReviewSecret.beside(memory: path) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try Data("short".utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        #expect(throws: ServeError.self) { try ReviewSecret.beside(memory: path) }
        _ = try ReviewSecret.beside(memory: path, isNew: true)
        _ = try ReviewSecret.beside(memory: path)
    }

    @Test func refusesToStart_withoutRatersOrWithNamesThatAreNone() throws {
        let memory = try SampleMemory()
        let queue = ReviewQueue(store: memory.store)
        let secret = ReviewSecret(bytes: [1])
        #expect(throws: ServeError.noRaters) {
            try ReviewServer(queue: queue, secret: secret, raters: [])
        }
        #expect(throws: ReviewError.badRater("a;b")) {
            try ReviewServer(queue: queue, secret: secret, raters: ["a;b"])
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8710", true), ("127.0.0.1", true), ("[::1]:80", true), ("LocalHost:9", true),
        ("review.lab:443", true), ("192.168.1.7:1", true), ("other.lab", false), ("", false),
        ("localhost:", false), ("localhost:123456", false), ("a:b:c", false), ("[::1]x", false),
    ])
    func knowsItsOwnNames(host: String, isOurs: Bool) {
        let request = ServedRequest(headers: ["Host": host])
        do throws(ReviewRefusal) {
            try RequestOrigin.checkHost(request, names: ["localhost", "review.lab"])
            #expect(isOurs)
        } catch {
            #expect(!isOurs)
        }
    }

    @Test func takesChanges_fromPagesBehindAProxy() throws {
        for origin in ["https://review.lab", "http://review.lab", "HTTP://Review.Lab"] {
            try RequestOrigin.check(
                ServedRequest(.post, headers: ["Host": "review.lab", "Origin": origin]))
        }
        try RequestOrigin.check(
            ServedRequest(
                .post, headers: ["Host": "review.lab", "Sec-Fetch-Site": "same-origin"]))
    }
}
