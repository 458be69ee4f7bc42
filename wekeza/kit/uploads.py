"""What is uploaded stays in memory: Django would write larger files, unsealed, to a disk."""

from io import BytesIO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 64 * 1024 * 1024  # Of one request where staff load whole lists (Large).
MOST_KEPT = 10 * 1024 * 1024  # Of one file; above it only the size is told, for the refusal.
MOST_SENT = 4 * MOST_KEPT  # Of one request; whoever sends more is not read to the end.


class MemoryOnly(FileUploadHandler):
    """Keeps each file in memory up to a size; of a larger one only how large it is."""

    most_kept, most_sent = MOST_KEPT, MOST_SENT

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803
        if content_length > self.most_sent:
            raise RequestDataTooBig("The files of one request are too large.")

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.parts, self.size = [], 0

    def receive_data_chunk(self, raw_data, start):
        self.size += len(raw_data)
        if self.size <= self.most_kept:
            self.parts.append(raw_data)
        else:
            self.parts.clear()
        return

    def file_complete(self, file_size):
        return InMemoryUploadedFile(
            file=BytesIO(b"".join(self.parts)),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )


class Large(MemoryOnly):
    """The same for the few doors of staff that take whole published lists."""

    most_kept = most_sent = LARGEST
