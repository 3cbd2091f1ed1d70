"""The walk, one stage per file, one public function per file."""
