import pytest

from gongkai import codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("一、一般公共服务支出", "201"),
        ("九、医疗卫生与计划生育支出", "210"),
        ("卫生健康支出", "210"),
        ("医疗卫生支出", "210"),
        ("社会保障和就业（类）支出", "208"),
        ("七、文化体育与传媒支出", "207"),
        ("文化旅游体育与传媒支出", "207"),
        ("国土海洋气象等支出", "220"),
        ("十八、自然资源海洋气象等\n支出", "220"),
        ("资源勘探信息等支出", "215"),
        ("资源勘探电力信息等事务", "215"),
        ("预备费", "227"),
        ("二十、其他支出", "229"),
        ("转移性支出", "230"),
        ("债务还本支出", "231"),
        ("债务付息支出", "232"),
        ("债务发行费用支出", "233"),
        ("二十四、抗疫特别国债安排的支出", "234"),
        ("基本支出", None),
        ("其他", None),
        ("本年支出合计", None),
    ],
)
def test_function_class(name: str, code: str | None) -> None:
    assert codes.function_class(name) == code


def test_no_name_names_two_classes() -> None:
    table = codes._tables()["function"]
    names = [name for listed in table.values() for name in listed]
    assert len(names) == len(set(names))
    assert all(codes.function_class(name) == code for code, listed in table.items() for name in listed)


@pytest.mark.parametrize("table", ["function", "economic", "government_economic"])
def test_every_listed_code_has_the_shape_of_its_list(table: str) -> None:
    test = codes.is_function_code if table == "function" else codes.is_economic_code
    listed = codes._tables()[table]
    assert all(test(code) for code in listed)
    assert all(code[:3] in listed for code in listed)


def test_economic_names_of_both_generations() -> None:
    assert codes.economic_name("30102") == "津贴补贴"
    assert codes.economic_name("39906") == "赠与"
    assert (codes.economic_name("39909"), codes.economic_name("39910")) == ("经常性赠与", "资本性赠与")
    assert codes.economic_names("30311") == ("代缴社会保险费", "住房公积金")
    assert codes.economic_name("50201") == "办公经费"
    assert codes.economic_name("39911") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("工资福利支出", "301"),
        ("三、对个人和家庭的补助", "303"),
        ("资本性支出", "310"),
        ("其他资本性支出", "310"),
        ("办公费", None),
    ],
)
def test_economic_class(name: str, code: str | None) -> None:
    assert codes.economic_class(name) == code


@pytest.mark.parametrize("text", ["201", "20805", "2080505", "2340199"])
def test_function_codes(text: str) -> None:
    assert codes.is_function_code(text)
    assert not codes.is_economic_code(text)


@pytest.mark.parametrize("text", ["301", "30231", "39910", "31304", "501", "50299", "599"])
def test_economic_codes(text: str) -> None:
    assert codes.is_economic_code(text)
    assert not codes.is_function_code(text)


@pytest.mark.parametrize(
    "text", ["2022", "20", "299", "2080", "208050", "20805051", "32001", "304001", "合计", "", "１０"]
)
def test_what_is_no_code(text: str) -> None:
    assert not codes.is_function_code(text)
    assert not codes.is_economic_code(text)


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (("201", "13", "02"), "2011302"),
        (("201", "", ""), "201"),
        (("301", "2"), "30102"),
        (("2080505",), "2080505"),
        (("合计", "", ""), None),
        (("", "", ""), None),
        (("999", "01"), None),
    ],
)
def test_join_code(parts: tuple[str, ...], code: str | None) -> None:
    assert codes.join_code(parts) == code
