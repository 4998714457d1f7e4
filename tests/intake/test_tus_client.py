"""tus-js-client itself against our core of the protocol: several pieces, a line cut in the middle, and gone on with."""

import json
import subprocess
import time

from app.infra.assets import PROJECT, _node_home
from app.intake.rules.draft import Kept
from app.web.sealed_field import new_id, open_field, seal_field
from tests.infra.test_arriving import digest_of
from tests.installation import Installed, served

SENDER = """
const tus = require(process.argv[1]);
const [address, permit] = process.argv.slice(2);
const file = Buffer.alloc(700001, "an upload ");
file.write("\\x89PNG\\r\\n\\x1a\\n", "latin1");
let slip = "", cuts = 0;
const upload = new tus.Upload(file, {
  endpoint: address, headers: { "Candor-Permit": permit }, metadata: { filename: "photo.png" },
  chunkSize: 150000, retryDelays: [0, 10], storeFingerprintForResuming: false,
  onChunkComplete: () => { if (cuts++ === 1) upload.abort().then(() => setTimeout(() => upload.start(), 50)); },
  onAfterResponse: (_, response) => { slip = response.getHeader("Candor-File") || slip; },
  onError: (problem) => { console.error(String(problem)); process.exit(1); },
  onSuccess: () => {
    const sha256 = require("crypto").createHash("sha256").update(file).digest("hex");
    console.log(JSON.stringify({ slip, cuts, sha256 }));
  },
});
upload.start();
"""


# The functions of our own script that tell files apart, on one file and on another that differs in its middle alone.
TELLER = """
globalThis.window = globalThis;
%s
const bytes = (middle) => [Buffer.alloc(5_000_000, "a"), middle, Buffer.alloc(5_000_000, "b")];
const file = (middle, lastModified) => new File(bytes(middle), "film.mp4", { lastModified });
(async () => {
  const [one, same, later, other] = [file("x", 1), file("x", 1), file("x", 2), file("y", 1)];
  const told = [];
  for (const each of [one, same, later, other]) told.push([await markOf(each), await digestOf(each)]);
  console.log(JSON.stringify(told));
})();
"""


def test_a_browser_tells_files_apart_by_their_ends_and_time_and_digests_them_as_we_do() -> None:
    script = (PROJECT / "templates/_kit/uploads.js").read_text()
    ours = "".join(script.partition("  const STRETCH")[1:]).partition("  function listen(box)")[0]
    node = str(_node_home() / "bin" / "node")
    done = subprocess.run([node, "-e", TELLER % ours], capture_output=True, text=True, check=True, timeout=60)
    one, same, later, other = (tuple(each) for each in json.loads(done.stdout))
    data = b"a" * 5_000_000 + b"x" + b"b" * 5_000_000
    assert one == same == (one[0], digest_of(data))
    assert later[0] != one[0]
    # Only the digest of the whole knows these apart: that is why it is said when an upload goes on.
    assert (other[0] == one[0], other[1] == one[1]) == (True, False)


def test_the_client_that_our_pages_load_sends_a_file_that_was_cut_off(installed: Installed) -> None:
    house = installed.house
    said = json.dumps({"most": 1_000_000, "types": ["image/png"]}).encode()
    permit = seal_field(house, "upload", new_id(), said, int(time.time()))
    client = str(PROJECT / "node_modules" / "tus-js-client")
    with served(installed) as base:
        done = subprocess.run(
            [str(_node_home() / "bin" / "node"), "-e", SENDER, client, f"{base}/file/uploads", permit],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    told = json.loads(done.stdout)
    opened = open_field(house, "arrived", told["slip"], int(time.time()), seconds=60)
    assert opened is not None
    kept = Kept.model_validate_json(opened)
    assert (kept.name, kept.media_type, kept.size) == ("photo.png", "image/png", 700_001)
    assert kept.sha256.hex() == told["sha256"]
    assert told["cuts"] >= 5
